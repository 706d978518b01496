// SPDX-License-Identifier: MIT
// An import of the database that several processes see: it waits until the last of them has gone
// (contract: functions-session 8, concepts 20 and 21).
#include "integration/scenario.h"

namespace ntms::integration {
namespace {

class Import : public LibraryTest {
 protected:
  // A second process with a session, a copy with the first library description, and another one
  // since then.
  void start_with_copy() {
    ASSERT_NO_FATAL_FAILURE(start());
    set_description(NTMS_W("as exported"));
    ASSERT_EQ(ExportNtmsDatabase(session()), ERROR_SUCCESS);
    set_description(NTMS_W("changed"));
  }
  void set_description(const WCHAR* words) {
    Info info = library_info();
    std::char_traits<WCHAR>::copy(info.szDescription, words,
                                  std::char_traits<WCHAR>::length(words) + 1);
    ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  }
  std::string description() { return text(library_info().szDescription); }
  void restart() {
    ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
    ASSERT_NO_FATAL_FAILURE(open());
  }
  bool marked() const { return std::filesystem::exists(data() / "import"); }
};

TEST_F(Import, NothingHappensWhileAnotherProcessHasASession) {
  ASSERT_NO_FATAL_FAILURE(start_with_copy());
  Application other(worker());
  ASSERT_EQ(other.ask("open"), "open 0");
  ASSERT_EQ(other.ask("import"), "import 0");
  ASSERT_NO_FATAL_FAILURE(restart());
  EXPECT_EQ(description(), "changed");
  EXPECT_EQ(other.ask("close"), "close 0");
  EXPECT_EQ(description(), "changed") << "this process still has one";
  EXPECT_TRUE(marked());
  const Id before = library();
  ASSERT_NO_FATAL_FAILURE(restart());
  EXPECT_EQ(description(), "as exported");
  EXPECT_EQ(library(), before);
  EXPECT_FALSE(marked());
  EXPECT_EQ(other.end(), 0);
}

TEST_F(Import, AKilledProcessKeepsNobody) {
  ASSERT_NO_FATAL_FAILURE(start_with_copy());
  Application other(worker());
  ASSERT_EQ(other.ask("open"), "open 0");
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(other.ask("import"), "import 0");
  other.kill();
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(description(), "as exported");
}

// Programs that start at the same moment: one of them imports, the others wait for it.
TEST_F(Import, OfManyThatStartAtOnce) {
  ASSERT_NO_FATAL_FAILURE(start_with_copy());
  ASSERT_EQ(ImportNtmsDatabase(session()), ERROR_SUCCESS);
  const Id before = library();
  const auto media = rsm().list(NTMS_PHYSICAL_MEDIA);
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  std::vector<std::unique_ptr<Application>> others;
  for (int i = 0; i < 5; ++i) others.push_back(std::make_unique<Application>(worker()));
  for (auto& other : others) other->begin("open");
  for (auto& other : others) EXPECT_EQ(other->answer(), "open 0");
  for (auto& other : others) EXPECT_EQ(other->ask("count 15"), "count 0 8");
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(description(), "as exported");
  EXPECT_EQ(library(), before);
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA), media);
  EXPECT_FALSE(marked());
  for (auto& other : others) EXPECT_EQ(other->end(), 0);
}

// The importing process dies; whoever comes next has the one or the other database, and the import.
TEST_F(Import, TheImportingProcessIsKilled) {
  ASSERT_NO_FATAL_FAILURE(start_with_copy());
  ASSERT_EQ(ImportNtmsDatabase(session()), ERROR_SUCCESS);
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  for (int i = 0; i < 5; ++i) {
    Application other(worker());
    other.begin("open");
    ASSERT_TRUE(wait_until(
        [&] { return !marked() || std::filesystem::exists(data() / "ntms.db.import"); }));
    other.kill();
  }
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(description(), "as exported");
  EXPECT_FALSE(marked());
  EXPECT_TRUE(agree_soon());
}

}  // namespace
}  // namespace ntms::integration
