// SPDX-License-Identifier: MIT
// ExportNtmsDatabase and ImportNtmsDatabase (contract: functions-session 7 and 8, concepts 20 and
// 21).

#include <fstream>
#include <sstream>

#include "conformance/failing_calls.h"
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

namespace fs = std::filesystem;

class DatabaseRecoveryTest : public LibraryTest {
 protected:
  fs::path folder() const { return data() / "Export"; }
  fs::path copy() const { return folder() / "ntms.db"; }
  bool marked() const { return fs::exists(data() / "import"); }

  DWORD export_now() { return ExportNtmsDatabase(session()); }
  DWORD import_later() { return ImportNtmsDatabase(session()); }

  // Rows of the copy.
  std::string copy_sql(const std::string& query) const {
    return sql("ATTACH '" + copy().string() + "' AS copied; " + query);
  }
  std::string description_of(const Id& id) { return text(rsm().get(id).szDescription); }
  void describe_library(const WCHAR* words) {
    Info info = library_info();
    std::char_traits<WCHAR>::copy(info.szDescription, words,
                                  std::char_traits<WCHAR>::length(words) + 1);
    ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  }
  void restart() {
    ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
    ASSERT_NO_FATAL_FAILURE(open());
  }
  std::string log() const {
    std::stringstream all;
    all << std::ifstream(data() / "ntms.log").rdbuf();
    return all.str();
  }
};

// Another process that reads the database in a file as long as this lives.
class Locked {
 public:
  explicit Locked(const fs::path& file)
      : reader_({test::program_beside("ntms_sql"), file.string(),
                 "BEGIN; SELECT count(*) FROM sqlite_schema", "hold"}) {
    EXPECT_TRUE(reader_.read_line()) << "the lock was not taken";
  }

 private:
  test::Program reader_;
};

using ExportDatabase = DatabaseRecoveryTest;
using ImportDatabase = DatabaseRecoveryTest;

TEST_F(ExportDatabase, BadHandles) {
  EXPECT_EQ(ExportNtmsDatabase(nullptr), ERROR_INVALID_HANDLE);
  EXPECT_EQ(ExportNtmsDatabase(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
}

#ifndef _WIN32  // there is no second user to become
TEST_F(ExportDatabase, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  user->write_line("export");
  EXPECT_EQ(user->read_line(), "export 5");
  EXPECT_FALSE(fs::exists(folder()));
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  user->write_line("import");
  EXPECT_EQ(user->read_line(), "import 5");
  EXPECT_FALSE(marked());
  EXPECT_EQ(user->wait(), 0);
}
#endif

TEST_F(ExportDatabase, WritesAConsistentCopy) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  EXPECT_EQ(copy_sql("SELECT count(*) FROM copied.physical_medium"), "8\n");
  EXPECT_EQ(copy_sql("SELECT guid FROM copied.library WHERE type=2"), library().hex() + "\n");
  EXPECT_EQ(copy_sql("PRAGMA copied.integrity_check"), "ok\n");
  describe_library(NTMS_W("changed after the first copy"));
  EXPECT_EQ(copy_sql("SELECT description FROM copied.library WHERE type=2"), "\n");
  ASSERT_EQ(export_now(), ERROR_SUCCESS) << "overwrites the older one";
  EXPECT_EQ(copy_sql("SELECT description FROM copied.library WHERE type=2"),
            "changed after the first copy\n");
  // The library works on.
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

TEST_F(ExportDatabase, SharingViolation) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  describe_library(NTMS_W("changed"));
  {
    const Locked reader(copy());
    EXPECT_EQ(export_now(), ERROR_SHARING_VIOLATION);
  }
  EXPECT_EQ(copy_sql("SELECT description FROM copied.library WHERE type=2"), "\n") << "untouched";
  EXPECT_EQ(export_now(), ERROR_SUCCESS) << "nobody uses it any more";
}

TEST_F(ExportDatabase, WithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start());
  step_memory([&] { return export_now(); }, [&] { return !fs::exists(copy()); });
  EXPECT_TRUE(fs::exists(copy()));
}

TEST_F(ExportDatabase, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  describe_library(NTMS_W("changed"));
  expect_disk_failures(
      folder().string(), [&] { return export_now(); },
      [&] {
        return copy_sql("SELECT description FROM copied.library WHERE type=2") == "\n" &&
               !fs::exists(folder() / "ntms.db.new");
      });
  EXPECT_EQ(copy_sql("SELECT description FROM copied.library WHERE type=2"), "changed\n");
}

TEST_F(ImportDatabase, BadHandles) {
  EXPECT_EQ(ImportNtmsDatabase(nullptr), ERROR_INVALID_HANDLE);
  EXPECT_EQ(ImportNtmsDatabase(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
}

TEST_F(ImportDatabase, WithoutACopy) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(import_later(), ERROR_DATABASE_FAILURE);
  fs::create_directory(folder());
  EXPECT_EQ(import_later(), ERROR_DATABASE_FAILURE) << "an empty folder";
  EXPECT_FALSE(marked());
}

TEST_F(ImportDatabase, WithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  step_memory([&] { return import_later(); }, [&] { return !marked(); });
  EXPECT_TRUE(marked());
}

TEST_F(ImportDatabase, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  expect_disk_failures((data() / "import").string(), [&] { return import_later(); },
                       [&] { return !marked(); });
  EXPECT_TRUE(marked());
}

TEST_F(ImportDatabase, AtTheNextStartAndNotBefore) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().eject(medium(3), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id held = unfinished_request_of(medium(3));
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  const auto media = rsm().list(NTMS_PHYSICAL_MEDIA);
  const auto slots = rsm().list(NTMS_STORAGESLOT);
  describe_library(NTMS_W("changed"));
  ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kSlot, 11));
  ASSERT_EQ(import_later(), ERROR_SUCCESS);
  EXPECT_EQ(import_later(), ERROR_SUCCESS) << "twice is no error";
  EXPECT_EQ(description_of(library()), "changed") << "nothing changes before";
  EXPECT_EQ(rsm().state(held), NTMS_LM_QUEUED);

  const Id before = library();
  ASSERT_NO_FATAL_FAILURE(restart());
  EXPECT_FALSE(marked());
  EXPECT_EQ(library(), before) << "identities stay";
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA), media);
  EXPECT_EQ(rsm().list(NTMS_STORAGESLOT), slots);
  EXPECT_EQ(description_of(library()), "");
  EXPECT_EQ(rsm().state(held), NTMS_LM_CANCELLED) << "the service was started anew";
  EXPECT_EQ(media_info(medium(3)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_TRUE(is_in_slot(medium(0), 11)) << "the inventory proves the locations" << picture();
  EXPECT_TRUE(agree());
  // And it is not imported again.
  describe_library(NTMS_W("after the import"));
  ASSERT_NO_FATAL_FAILURE(restart());
  EXPECT_EQ(description_of(library()), "after the import");
}

TEST_F(ImportDatabase, WaitsForTheLastSession) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  describe_library(NTMS_W("changed"));
  ASSERT_EQ(import_later(), ERROR_SUCCESS);
  {
    const Rsm other = Rsm::open(NTMS_W("another"));
    ASSERT_NO_FATAL_FAILURE(restart());
    EXPECT_EQ(description_of(library()), "changed");
    EXPECT_TRUE(marked());
  }
  ASSERT_NO_FATAL_FAILURE(restart());
  EXPECT_EQ(description_of(library()), "");
  EXPECT_FALSE(marked());
}

TEST_F(ImportDatabase, OfADamagedCopy) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  describe_library(NTMS_W("changed"));
  ASSERT_EQ(import_later(), ERROR_SUCCESS);
  fs::resize_file(copy(), fs::file_size(copy()) / 2);
  ASSERT_NO_FATAL_FAILURE(restart());
  EXPECT_EQ(description_of(library()), "changed") << "the database stays";
  EXPECT_FALSE(marked());
  EXPECT_NE(log().find("the database was not replaced by its copy"), std::string::npos);
}

TEST_F(ImportDatabase, WaitsForRoomOnTheDisk) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  describe_library(NTMS_W("changed"));
  ASSERT_EQ(import_later(), ERROR_SUCCESS);
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  {
    const FailingDisk disk((data() / "ntms.db.import").string(), ENOSPC);
    EXPECT_EQ(OpenNtmsSessionW(nullptr, nullptr, 0), INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), ERROR_DATABASE_FULL);
    EXPECT_TRUE(disk.struck());
  }
  EXPECT_TRUE(marked());
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(description_of(library()), "");
}

TEST_F(ImportDatabase, AfterTheDatabaseWasDamaged) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(export_now(), ERROR_SUCCESS);
  ASSERT_EQ(import_later(), ERROR_SUCCESS);
  const Id before = library();
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  std::ofstream(database()) << std::string(20000, '\x5A');
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(library(), before);
}

}  // namespace
}  // namespace ntms::conformance
