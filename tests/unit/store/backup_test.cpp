// SPDX-License-Identifier: MIT
#include "store/backup.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "store/database.h"
#include "store/schema.h"
#include "support/program.h"
#include "support/system.h"
#include "unit/platform/temporary_directory.h"
#include "unit/store/older_schema.h"

namespace ntms::store {
namespace {

namespace fs = std::filesystem;

class BackupTest : public ::testing::Test {
 protected:
  fs::path data() const { return directory_.path(); }
  fs::path database_file() const { return data() / "ntms.db"; }
  fs::path copy() const { return data() / "Export" / "ntms.db"; }
  fs::path mark() const { return data() / "import"; }

  std::unique_ptr<Database> open() const {
    auto database =
        Database::open(data(), {.now = [] { return model::Time{1000}; }, .after_commit = {}});
    EXPECT_TRUE(database);
    return *std::move(database);
  }
  // Libraries with this name, made and changed by a process that died before it could close the
  // database: they are in the log beside it.
  void add_library(const std::string& name) const {
    test::run_program({test::program_beside("store_worker"), "add", data().string(), name});
  }
  std::string names() const {
    std::string result;
    const auto database = open();
    const auto libraries =
        database->read([](Reader& reader) { return reader.list<model::Library>(""); });
    EXPECT_TRUE(libraries);
    if (!libraries) return "unreadable";
    for (const model::Library& library : *libraries) result += library.name + " ";
    return result;
  }
  static void run_sql(const fs::path& file, const char* sql) {
    Connection(file, true).execute(sql);
  }

  // The database has "old", the copy has "new", and the import is marked.
  void prepare_import() const {
    add_library("new");
    ASSERT_TRUE(export_database(data()));
    for (const char* name : {"ntms.db", "ntms.db-wal", "ntms.db-shm"}) fs::remove(data() / name);
    add_library("old");
    ASSERT_TRUE(mark_import(data()));
  }
  // What an import leaves: nothing but what belongs there.
  void expect_no_leftovers() const {
    EXPECT_FALSE(fs::exists(mark()));
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      EXPECT_FALSE(fs::exists(data() / ("ntms.db.import" + std::string(suffix)))) << suffix;
    }
  }
  void expect_refused() const {
    const auto outcome = import_database(data());
    ASSERT_TRUE(outcome);
    EXPECT_FALSE(outcome->imported);
    EXPECT_FALSE(outcome->reason.empty());
    expect_no_leftovers();
    EXPECT_EQ(names(), "old ");
  }

  platform::test::TemporaryDirectory directory_;
};

TEST_F(BackupTest, TheCopyIsOneFileWithEverything) {
  add_library("first");
  ASSERT_TRUE(export_database(data()));
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator(copy().parent_path())) {
    files.insert(entry.path().filename().string());
  }
  EXPECT_EQ(files, std::set<std::string>{"ntms.db"});
  EXPECT_EQ(fs::status(copy()).permissions(), fs::status(database_file()).permissions());
  EXPECT_EQ(names(), "first ");
  add_library("second");
  ASSERT_TRUE(export_database(data())) << "in the place of the older one";
  for (const char* name : {"ntms.db", "ntms.db-wal", "ntms.db-shm"}) fs::remove(data() / name);
  fs::copy_file(copy(), database_file());
  EXPECT_EQ(names(), "first second ");
}

TEST_F(BackupTest, CopiesAreConsistentWhileOthersWrite) {
  const auto database = open();
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    // Two slots at a time: a copy has both or neither.
    model::Library library;
    EXPECT_TRUE(database->write([&](Writer& w) -> Result<void> {
      w.insert(library);
      return {};
    }));
    for (std::uint32_t i = 0; !stop; i += 2) {
      EXPECT_TRUE(database->write([&](Writer& w) -> Result<void> {
        for (std::uint32_t j = i; j < i + 2; ++j) {
          model::Slot slot;
          slot.library = library.id;
          slot.element_address = j;
          slot.name = std::string(300, 'x');
          w.insert(slot);
        }
        return {};
      }));
    }
  });
  std::int64_t last = -1;
  for (int round = 0; round < 5; ++round) {
    EXPECT_TRUE(export_database(data()));
    Connection reading(copy(), false);
    Reader reader(reading);
    EXPECT_EQ(reader.text_setting("none"), std::nullopt);
    const auto slots = reader.number("SELECT count(*) FROM slot");
    EXPECT_EQ(slots % 2, 0);
    EXPECT_GE(slots, last);
    last = slots;
    EXPECT_EQ(reader.number("SELECT count(*) FROM pragma_quick_check WHERE quick_check='ok'"), 1);
  }
  stop = true;
  writer.join();
}

TEST_F(BackupTest, ExportsOfManyThreadsAllSucceed) {
  add_library("old");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { EXPECT_TRUE(export_database(data())); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(fs::exists(copy()));
}

TEST_F(BackupTest, ACopyInUseIsNotReplaced) {
  add_library("old");
  ASSERT_TRUE(export_database(data()));
  test::Program reader({test::program_beside("ntms_sql"), copy().string(),
                        "BEGIN; SELECT count(*) FROM library", "hold"});
  ASSERT_EQ(reader.read_line(), "1");
  const auto refused = export_database(data());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, std::uint32_t{ERROR_SHARING_VIOLATION});
  EXPECT_EQ(reader.wait(), 0);
  EXPECT_TRUE(export_database(data()));
}

TEST_F(BackupTest, OneProcessExportsAtATime) {
  add_library("old");
  test::Program other(
      {test::program_beside("store_worker"), "lock", (data() / "export.lock").string()});
  ASSERT_EQ(other.read_line(), "held");
  const auto refused = export_database(data());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, std::uint32_t{ERROR_SHARING_VIOLATION});
  EXPECT_EQ(other.wait(), 0);
  EXPECT_TRUE(export_database(data()));
}

TEST_F(BackupTest, MarksOnlyWhatIsThere) {
  add_library("old");
  EXPECT_FALSE(import_is_marked(data()));
  const auto refused = mark_import(data());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, std::uint32_t{ERROR_DATABASE_FAILURE});
  EXPECT_FALSE(import_is_marked(data()));
  ASSERT_TRUE(export_database(data()));
  EXPECT_TRUE(mark_import(data()));
  EXPECT_TRUE(mark_import(data())) << "twice is no error";
  EXPECT_TRUE(import_is_marked(data()));
}

TEST_F(BackupTest, ImportReplacesTheDatabase) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  for (const char* left_behind :
       {"ntms.db.import", "ntms.db.import-journal", "ntms.db.import-wal"}) {
    std::ofstream(data() / left_behind) << "of an earlier attempt";
  }
  const auto outcome = import_database(data());
  ASSERT_TRUE(outcome) << outcome.error().reason;
  EXPECT_TRUE(outcome->imported);
  expect_no_leftovers();
  EXPECT_EQ(names(), "new ");
  const auto database = open();
  EXPECT_EQ(*database->read([](Reader& reader) { return reader.setting("boot"); }), std::nullopt);
  const auto others = database->read([](Reader& reader) {
    return reader.number("SELECT count(*) FROM slot WHERE state<>?1",
                         NTMS_SLOTSTATE_NEEDSINVENTORY);
  });
  EXPECT_EQ(*others, 0);
  EXPECT_TRUE(fs::exists(copy())) << "the copy stays";
}

// A process that ends before any of the steps leaves one of the two databases whole; the next one
// completes the import.
TEST_F(BackupTest, ImportThatIsInterruptedIsCompletedLater) {
  for (int ending = 1;; ++ending) {
    SCOPED_TRACE(ending);
    for (const auto& entry : fs::directory_iterator(data())) fs::remove_all(entry.path());
    ASSERT_NO_FATAL_FAILURE(prepare_import());
    test::Program dying(
        {test::program_beside("store_worker"), "import", data().string(), std::to_string(ending)});
    const int status = dying.wait();
    if (status == 0) {
      EXPECT_GT(ending, 6) << "as many steps have been tried";
      break;
    }
    ASSERT_EQ(status, 77);
    EXPECT_TRUE(import_is_marked(data()));
    // Each look opens and closes the database, which must not matter for what follows.
    const std::string found = names();
    EXPECT_TRUE(found == "old " || found == "new ") << found;
    const auto outcome = import_database(data());
    ASSERT_TRUE(outcome) << outcome.error().reason;
    EXPECT_TRUE(outcome->imported);
    expect_no_leftovers();
    EXPECT_EQ(names(), "new ");
  }
}

TEST_F(BackupTest, ImportRepairsADamagedDatabase) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  std::ofstream(database_file()) << std::string(20000, '\x5A');
  const auto outcome = import_database(data());
  ASSERT_TRUE(outcome) << outcome.error().reason;
  EXPECT_TRUE(outcome->imported);
  EXPECT_EQ(names(), "new ");
}

TEST_F(BackupTest, ImportMakesAMissingDatabase) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  for (const char* name : {"ntms.db", "ntms.db-wal", "ntms.db-shm"}) fs::remove(data() / name);
  const auto outcome = import_database(data());
  ASSERT_TRUE(outcome) << outcome.error().reason;
  EXPECT_TRUE(outcome->imported);
  EXPECT_EQ(names(), "new ");
}

TEST_F(BackupTest, CopyOfAnOlderVersionIsBroughtUpToDate) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  run_sql(copy(), ntms::test::back_to_version_1().c_str());
  const auto outcome = import_database(data());
  ASSERT_TRUE(outcome) << outcome.error().reason;
  EXPECT_TRUE(outcome->imported) << outcome->reason;
  EXPECT_EQ(names(), "new ");
}

TEST_F(BackupTest, RefusesACopyThatIsNotThere) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  fs::remove(copy());
  expect_refused();
}

TEST_F(BackupTest, RefusesATextFile) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  std::ofstream(copy()) << std::string(9000, 'x');
  expect_refused();
}

TEST_F(BackupTest, RefusesAnEmptyFile) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  fs::resize_file(copy(), 0);
  expect_refused();
}

TEST_F(BackupTest, RefusesHalfACopy) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  fs::resize_file(copy(), fs::file_size(copy()) / 2);
  expect_refused();
}

TEST_F(BackupTest, RefusesDamagedPages) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  {
    std::fstream file(copy(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 3);
    for (int i = 0; i < 200; ++i) file << std::string(256, '\x5A');
  }
  expect_refused();
}

TEST_F(BackupTest, RefusesTheDatabaseOfAnotherProgram) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  run_sql(copy(), "PRAGMA application_id=1");
  expect_refused();
}

TEST_F(BackupTest, RefusesANewerVersion) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  run_sql(copy(), ("PRAGMA user_version=" + std::to_string(kSchemaVersion + 1)).c_str());
  expect_refused();
}

TEST_F(BackupTest, RefusesACopyWithoutAColumn) {
  ASSERT_NO_FATAL_FAILURE(prepare_import());
  run_sql(copy(), "ALTER TABLE side DROP COLUMN capacity");
  expect_refused();
}

}  // namespace
}  // namespace ntms::store
