// SPDX-License-Identifier: MIT
// Memory that runs out and a disk that fails under the functions about attributes and security: the
// documented code, nothing changed, and everything works again afterwards.
#include <array>

#include "conformance/failing_calls.h"
#include "conformance/library_fixture.h"
#include "conformance/security/descriptor.h"

namespace ntms::conformance {
namespace {

class SecurityResources : public DataDirectoryTest {
 protected:
  std::string last_change() { return sql("SELECT coalesce(max(sequence), 0) FROM change"); }
  HANDLE session() { return rsm_.handle(); }

  // Nothing may be told of a call that failed. Looking takes a process, so it is done now and then.
  void step_memory(
      const std::function<DWORD()>& call,
      const std::function<bool()>& unchanged = [] { return true; }) {
    const std::string last = last_change();
    unsigned looks = 0;
    conformance::step_memory(
        call, [&] { return unchanged() && (looks++ % 8 != 0 || last_change() == last); }, true);
  }
  void expect_disk_failures(const std::function<DWORD()>& call) {
    const std::string last = last_change();
    conformance::expect_disk_failures(database().string(), call,
                                      [&] { return last_change() == last; });
    EXPECT_NE(last_change(), last);
  }

  Rsm rsm_ = Rsm::open();
  const Id computer_ = rsm_.list(NTMS_COMPUTER).at(0);
};

TEST_F(SecurityResources, AttributesWithoutMemory) {
  std::array<unsigned char, 300> data{1, 2, 3};
  ASSERT_NO_FATAL_FAILURE(step_memory([&] {
    return SetNtmsObjectAttributeW(session(), computer_.get(), NTMS_COMPUTER,
                                   NTMS_W("a name that is not short"), data.data(), data.size());
  }));
  std::array<unsigned char, 300> read{};
  DWORD size = read.size();
  ASSERT_NO_FATAL_FAILURE(step_memory(
      [&] {
        return GetNtmsObjectAttributeW(session(), computer_.get(), NTMS_COMPUTER,
                                       NTMS_W("a name that is not short"), read.data(), &size);
      },
      [&] { return size == read.size() && read[0] == 0; }));
  EXPECT_EQ(read, data);
}

TEST_F(SecurityResources, AttributesWithAFailingDisk) {
  unsigned char byte = 1;
  for (const DWORD size : {1U, 0U}) {
    expect_disk_failures([&] {
      return SetNtmsObjectAttributeA(session(), computer_.get(), NTMS_COMPUTER, "a", &byte, size);
    });
  }
}

// A table that cannot be read any more.
TEST_F(SecurityResources, AttributesWithADamagedDatabase) {
  sql("ALTER TABLE object_attribute RENAME TO gone");
  unsigned char byte = 1;
  DWORD size = 1;
  EXPECT_EQ(GetNtmsObjectAttributeA(session(), computer_.get(), NTMS_COMPUTER, "a", &byte, &size),
            ERROR_DATABASE_FAILURE);
  EXPECT_EQ(SetNtmsObjectAttributeA(session(), computer_.get(), NTMS_COMPUTER, "a", &byte, 1),
            ERROR_DATABASE_FAILURE);
  sql("ALTER TABLE gone RENAME TO object_attribute");
  EXPECT_EQ(SetNtmsObjectAttributeA(session(), computer_.get(), NTMS_COMPUTER, "a", &byte, 1),
            ERROR_SUCCESS);
}

TEST_F(SecurityResources, SecurityWithoutMemory) {
  Bytes given = descriptor({allow(kU, everyone())});
  ASSERT_NO_FATAL_FAILURE(step_memory([&] {
    return SetNtmsObjectSecurity(session(), computer_.get(), NTMS_COMPUTER,
                                 DACL_SECURITY_INFORMATION, given.data());
  }));
  Bytes read(500);
  DWORD size = 0;
  ASSERT_NO_FATAL_FAILURE(step_memory(
      [&] {
        return GetNtmsObjectSecurity(session(), computer_.get(), NTMS_COMPUTER,
                                     DACL_SECURITY_INFORMATION, read.data(), 500, &size);
      },
      [&] { return size == 0 && read == Bytes(500); }));
  EXPECT_EQ(entries_at(read, head_of(read).Dacl), (std::vector<Ace>{allow(kU, everyone())}));
}

TEST_F(SecurityResources, SecurityWithAFailingDisk) {
  Bytes given = descriptor({allow(kU, everyone())});
  expect_disk_failures([&] {
    return SetNtmsObjectSecurity(session(), computer_.get(), NTMS_COMPUTER,
                                 DACL_SECURITY_INFORMATION, given.data());
  });
}

}  // namespace
}  // namespace ntms::conformance
