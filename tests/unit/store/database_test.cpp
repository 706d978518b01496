// SPDX-License-Identifier: MIT
#include "store/database.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "unit/platform/temporary_directory.h"
#include "unit/store/older_schema.h"

namespace ntms::store {
namespace {

using platform::test::TemporaryDirectory;

class DatabaseTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Database>> open() {
    return Database::open(directory_.path(), {.now = [] { return model::Time{1000}; },
                                              .after_commit = [this] { ++commits_; }});
  }

  void run_sql(const char* sql) { Connection(directory_.path() / "ntms.db", true).execute(sql); }

  TemporaryDirectory directory_;
  std::atomic<int> commits_ = 0;
};

model::Slot slot_of(const Guid& library, std::uint32_t address) {
  model::Slot slot;
  slot.library = library;
  slot.element_address = address;
  slot.name = "Slot";
  return slot;
}

Guid insert_library(Database& database) {
  model::Library library;
  library.name = "Library";
  const auto stored = database.write([&](Writer& writer) -> Result<void> {
    writer.insert(library);
    return {};
  });
  EXPECT_TRUE(stored);
  return library.id;
}

TEST_F(DatabaseTest, RefusesADirectoryThatIsNotThere) {
  const auto database = Database::open(directory_.path() / "missing",
                                       {.now = [] { return model::Time{0}; }, .after_commit = {}});
  ASSERT_FALSE(database);
  EXPECT_NE(database.error().code, 0U);
}

TEST_F(DatabaseTest, RefusesAFileThatIsNoDatabase) {
  std::ofstream(directory_.path() / "ntms.db") << std::string(8192, 'x');
  const auto database = open();
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, std::uint32_t{ERROR_DATABASE_FAILURE});
}

TEST_F(DatabaseTest, RefusesTheDatabaseOfAnotherProgram) {
  run_sql("CREATE TABLE t(a); PRAGMA application_id=7");
  const auto database = open();
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, std::uint32_t{ERROR_DATABASE_FAILURE});
}

TEST_F(DatabaseTest, RefusesANewerSchema) {
  ASSERT_TRUE(open());
  run_sql("PRAGMA user_version=99");
  const auto database = open();
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, std::uint32_t{RPC_S_NO_INTERFACES});
}

TEST_F(DatabaseTest, BringsTheFirstSchemaUpToDate) {
  Guid library;
  model::LibraryRequest request;
  {
    auto database = *open();
    library = insert_library(*database);
    ASSERT_TRUE(database->write([&](Writer& writer) -> Result<void> {
      request.library = library;
      writer.insert(request);
      return {};
    }));
  }
  run_sql(ntms::test::back_to_version_1().c_str());
  auto database = *open();
  ASSERT_TRUE(database);
  const auto kept = database->read(
      [&](Reader& reader) { return reader.find<model::LibraryRequest>(request.id); });
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->order_number, 0U);
  EXPECT_EQ((*kept)->library, library);
  EXPECT_TRUE(database->write([&](Writer& writer) -> Result<void> {
    writer.execute("INSERT INTO ui_destination(object,type,name) VALUES(?1,1,'host')", library);
    return {};
  }));
}

TEST_F(DatabaseTest, SidesKnowThePoolOfTheirMedium) {
  auto database = *open();
  const Guid library = insert_library(*database);
  model::MediaPool pools[2];
  model::PhysicalMedium medium;
  ASSERT_TRUE(database->write([&](Writer& writer) -> Result<void> {
    model::MediaType type;
    writer.insert(type);
    for (model::MediaPool& pool : pools) writer.insert(pool);
    medium.library = library;
    medium.media_type = type.id;
    medium.pool = pools[0].id;
    writer.insert(medium);
    for (const std::uint32_t number : {0U, 1U}) {
      model::Side side;
      side.medium = medium.id;
      side.side = number;
      writer.insert(side);
    }
    return {};
  }));
  const auto sides_of = [&](const model::MediaPool& pool) {
    return *database->read([&](Reader& reader) {
      return reader.number("SELECT count(*) FROM side WHERE pool=?1", pool.id);
    });
  };
  EXPECT_EQ(sides_of(pools[0]), 2);
  ASSERT_TRUE(database->write([&](Writer& writer) -> Result<void> {
    medium.pool = pools[1].id;
    writer.update(medium);
    return {};
  }));
  EXPECT_EQ(sides_of(pools[0]), 0);
  EXPECT_EQ(sides_of(pools[1]), 2);
  database.reset();
  run_sql(ntms::test::back_to_version_4().c_str());
  database = *open();
  EXPECT_EQ(sides_of(pools[1]), 2);
}

TEST_F(DatabaseTest, AttributesDieWithTheirObjectWhateverItsTable) {
  auto database = *open();
  Guid library;
  model::Computer computer;
  ASSERT_TRUE(database->write([&](Writer& writer) -> Result<void> {
    writer.insert(computer);
    return {};
  }));
  library = insert_library(*database);
  const auto attributes = [&] {
    return *database->read(
        [](Reader& reader) { return reader.number("SELECT count(*) FROM object_attribute"); });
  };
  ASSERT_TRUE(database->write([&](Writer& writer) -> Result<void> {
    for (const Guid& object : {library, computer.id}) {
      writer.execute("INSERT INTO object_attribute(object,name,data) VALUES(?1,'a',x'01')", object);
    }
    return {};
  }));
  ASSERT_EQ(attributes(), 2);
  ASSERT_TRUE(database->write([&](Writer& writer) -> Result<void> {
    writer.remove<model::Library>(library);
    return {};
  }));
  EXPECT_EQ(attributes(), 1);
  // Every table of objects has the trigger.
  const auto triggers = [](const char* table) {
    return "SELECT count(*) FROM sqlite_schema WHERE type='trigger' AND tbl_name='" +
           std::string(table) + "' AND sql LIKE '%DELETE FROM object_attribute%'";
  };
  Connection connection(directory_.path() / "ntms.db", false);
  for_each_table([&](auto table) {
    Statement count(connection.prepare(triggers(table.name)));
    std::int64_t number = 0;
    if (count.step()) count.read(0, number);
    EXPECT_EQ(number, 1) << table.name;
  });
}

TEST_F(DatabaseTest, AnErrorUndoesTheChangesOfItsCallAndTellsNobody) {
  auto database = *open();
  const Guid library = insert_library(*database);
  commits_ = 0;
  const auto result = database->write([&](Writer& writer) -> Result<void> {
    auto slot = slot_of(library, 1);
    writer.insert(slot);
    return fail(ERROR_BUSY, "changed its mind");
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, std::uint32_t{ERROR_BUSY});
  EXPECT_EQ(commits_, 0);
  const auto slots =
      database->read([](Reader& reader) { return reader.list<model::Slot>("").size(); });
  EXPECT_EQ(*slots, 0U);
}

TEST_F(DatabaseTest, ABrokenConstraintFailsOnlyItsOwnCall) {
  auto database = *open();
  const Guid library = insert_library(*database);
  const auto insert = [&](std::uint32_t address) {
    return database->write([&](Writer& writer) -> Result<void> {
      auto slot = slot_of(library, address);
      writer.insert(slot);
      return {};
    });
  };
  EXPECT_TRUE(insert(1));
  const auto twice = insert(1);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, std::uint32_t{ERROR_DATABASE_FAILURE});
  EXPECT_TRUE(insert(2));
}

TEST_F(DatabaseTest, KeepsEveryMemberOfAnObject) {
  auto database = *open();
  model::Library library;
  library.name = "Ünïcode";
  library.enabled = false;
  library.type = NTMS_LIBRARYTYPE_ONLINE;
  library.uri = "emulator:/x";
  library.cleaner_slot = Guid::make();
  library.cleaner_uses = 0xFFFFFFFF;
  library.state_reason = "why";
  ASSERT_TRUE(database->write([&](Writer& writer) -> Result<void> {
    writer.insert(library);
    return {};
  }));
  const auto stored =
      *database->read([&](Reader& reader) { return reader.find<model::Library>(library.id); });
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->name, library.name);
  EXPECT_FALSE(stored->enabled);
  EXPECT_EQ(stored->cleaner_slot, library.cleaner_slot);
  EXPECT_EQ(stored->cleaner_uses, 0xFFFFFFFF);
  EXPECT_EQ(stored->created, 1000);
  EXPECT_TRUE(stored->cleaner_slot_default.is_null());
  const auto type = database->read([&](Reader& reader) { return reader.type_of(library.id); });
  EXPECT_EQ(*type, std::optional<std::uint32_t>(NTMS_LIBRARY));
}

TEST_F(DatabaseTest, EveryChangeIsInTheChangeLogInOrder) {
  auto database = *open();
  const Guid library = insert_library(*database);
  ASSERT_TRUE(database->write([&](Writer& writer) -> Result<void> {
    auto slot = slot_of(library, 1);
    writer.insert(slot);
    writer.update(slot);
    writer.remove<model::Slot>(slot.id);
    writer.remove<model::Slot>(slot.id);  // nothing there any more: no change
    writer.complete(NTMS_LIBREQUEST, slot.id);
    return {};
  }));
  const auto count = [&](const char* sql) {
    return *database->read([&](Reader& reader) { return reader.number(sql); });
  };
  EXPECT_EQ(count("SELECT count(*) FROM change WHERE type=16"), 3);
  EXPECT_EQ(count("SELECT group_concat(operation,'') FROM (SELECT operation FROM change"
                  " WHERE type IN (16,10) ORDER BY sequence)"),
            2135);
}

TEST_F(DatabaseTest, TwoMediaCannotBeInOnePlace) {
  auto database = *open();
  const Guid library = insert_library(*database);
  const auto result = database->write([&](Writer& writer) -> Result<void> {
    model::MediaType type;
    writer.insert(type);
    model::MediaPool pool;
    writer.insert(pool);
    const Guid place = Guid::make();
    for (int i = 0; i < 2; ++i) {
      model::PhysicalMedium medium;
      medium.library = library;
      medium.pool = pool.id;
      medium.media_type = type.id;
      medium.location = place;
      writer.insert(medium);
    }
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(*database->read([](Reader& r) { return r.list<model::PhysicalMedium>("").size(); }),
            0U);
}

TEST_F(DatabaseTest, ConcurrentWritersShareCommitsAndLoseNothing) {
  auto database = *open();
  const Guid library = insert_library(*database);
  constexpr int kThreads = 8;
  constexpr int kEach = 40;
  commits_ = 0;
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const auto result = database->write([&](Writer& writer) -> Result<void> {
          auto slot = slot_of(library, static_cast<std::uint32_t>(t * kEach + i));
          writer.insert(slot);
          // Every fourth call changes its mind after it has written.
          if (i % 4 == 3) return fail(ERROR_BUSY, "no");
          return {};
        });
        if (result.has_value() == (i % 4 == 3)) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(*database->read([](Reader& reader) { return reader.list<model::Slot>("").size(); }),
            static_cast<std::size_t>(kThreads * kEach * 3 / 4));
  EXPECT_LE(commits_, kThreads * kEach);
}

TEST_F(DatabaseTest, ReopensWhatWasStored) {
  Guid library;
  {
    auto database = *open();
    library = insert_library(*database);
  }
  auto database = *open();
  EXPECT_TRUE(*database->read(
      [&](Reader& reader) { return reader.find<model::Library>(library).has_value(); }));
}

TEST_F(DatabaseTest, MarksTheFullSlotsOfOneLibrary) {
  auto database = *open();
  const Guid library = insert_library(*database);
  const Guid other = insert_library(*database);
  ASSERT_TRUE(database->write([&](Writer& writer) -> Result<void> {
    for (const Guid& owner : {library, other}) {
      for (std::uint32_t i = 0; i < 3; ++i) {
        auto slot = slot_of(owner, i);
        slot.state = i == 0 ? NTMS_SLOTSTATE_EMPTY : NTMS_SLOTSTATE_FULL;
        writer.insert(slot);
      }
    }
    writer.mark_full_slots(library);
    return {};
  }));
  const auto marked = [&](const Guid& owner) {
    return *database->read([&](Reader& reader) {
      return reader.number("SELECT count(*) FROM slot WHERE library=?1 AND state=4", owner);
    });
  };
  EXPECT_EQ(marked(library), 2);
  EXPECT_EQ(marked(other), 0);
}

}  // namespace
}  // namespace ntms::store
