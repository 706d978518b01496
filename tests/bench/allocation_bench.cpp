// SPDX-License-Identifier: MIT
// What an allocation costs in a pool of 10,000 media: AllocateNtmsMedia of any side, one after the
// other until all are taken, beside the same rows written by bare SQLite on the same disk.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <random>
#include <vector>

#include "bench/client.h"
#include "bench/emulated_library.h"
#include "bench/floor_database.h"
#include "bench/report.h"
#include "bench/work_directory.h"

namespace {

using namespace ntms::bench;

constexpr std::uint32_t kMedia = 10000;

// An application pool for the library's media, with all of them in it as available.
NTMS_GUID fill_pool(const std::filesystem::path& data, const std::string& uri) {
  NTMS_GUID pool{};
  {
    const Client first(data, uri);
    NTMS_GUID type = first.get(first.list(NTMS_PHYSICAL_MEDIA).front(), NTMS_PHYSICAL_MEDIA)
                         .Info.PhysicalMedia.MediaType;
    expect_success(
        CreateNtmsMediaPoolW(first.session(), u"\\Bench", &type, NTMS_CREATE_NEW, nullptr, &pool),
        "making a pool");
  }
  // Identification is what would make them available.
  FloorDatabase database(data);
  database.execute(
      "UPDATE physical_medium SET pool=(SELECT guid FROM media_pool"
      " WHERE name='Bench')");
  database.execute("UPDATE side SET state=4");
  return pool;
}

// What an allocation writes, row for row: the logical medium, the side, and three rows of the
// change log.
class FloorAllocations {
 public:
  FloorAllocations(FloorDatabase& database, const NTMS_GUID& pool)
      : pool_(bytes_of(pool)),
        begin_(database.handle(), "BEGIN IMMEDIATE"),
        commit_(database.handle(), "COMMIT"),
        insert_(database.handle(),
                "INSERT INTO logical_medium(guid,created,modified,enabled,operational_state,name,"
                "description,pool) VALUES(?1,1700000000000000,1700000000000000,1,0,'','',?2)"),
        update_(database.handle(),
                "UPDATE side SET modified=1700000000000001, logical_medium=?2, state=5,"
                " allocate_count=1 WHERE guid=?1"),
        log_(database.handle(), "INSERT INTO change(operation,type,guid) VALUES(?1,?2,?3)") {
    FloorStatement sides(database.handle(), "SELECT guid FROM side ORDER BY id");
    while (sides.step()) {
      Bytes16 id{};
      std::copy_n(static_cast<const std::uint8_t*>(sqlite3_column_blob(sides.handle(), 0)),
                  id.size(), id.begin());
      sides_.push_back(id);
    }
  }

  void allocate() {
    Bytes16 logical{};
    for (auto& byte : logical) byte = static_cast<std::uint8_t>(random_());
    const Bytes16& side = sides_.at(next_++);
    begin_.run();
    insert_.bind(1, logical);
    insert_.bind(2, pool_);
    insert_.run();
    update_.bind(1, side);
    update_.bind(2, logical);
    update_.run();
    log(NTMS_OBJ_INSERT, NTMS_LOGICAL_MEDIA, logical);
    log(NTMS_OBJ_UPDATE, NTMS_PARTITION, side);
    log(NTMS_EVENT_COMPLETE, NTMS_LOGICAL_MEDIA, logical);
    commit_.run();
  }

 private:
  void log(std::int64_t operation, std::int64_t type, const Bytes16& id) {
    log_.bind(1, operation);
    log_.bind(2, type);
    log_.bind(3, id);
    log_.run();
  }

  Bytes16 pool_;
  std::vector<Bytes16> sides_;
  std::size_t next_ = 0;
  std::mt19937 random_{42};
  FloorStatement begin_;
  FloorStatement commit_;
  FloorStatement insert_;
  FloorStatement update_;
  FloorStatement log_;
};

void bench(int argc, char** argv) {
  const WorkDirectory work;
  const std::string uri =
      create(work.path() / "library.emu", {.slots = kMedia, .media = kMedia, .ports = 1});
  const auto data = work.path() / "data";
  NTMS_GUID pool = fill_pool(data, uri);
  FloorDatabase floor_database(data, work.path() / "floor");
  FloorAllocations floor(floor_database, pool);
  const Client client(data, uri);
  Report report;

  // Repetitions share the media: a tenth of them is taken in each.
  measure("allocate/api", report.samples("allocate/api"), [&] {
    NTMS_GUID logical{};
    return seconds_of([&] {
      expect_success(AllocateNtmsMedia(client.session(), &pool, nullptr, &logical, 0, 0, nullptr),
                     "ALLOCATE");
    });
  })->Iterations(kMedia / 10);
  measure("allocate/floor", report.samples("allocate/floor"), [&] {
    return seconds_of([&] { floor.allocate(); });
  })->Iterations(kMedia / 10);
  measure_disk(report, work.path());
  run(argc, argv);

  report.add({.name = "6 allocate a side",
              .measured = report.median("allocate/api"),
              .floor = report.median("allocate/floor"),
              .most_times = 1.5});
  report.add({.name = "a 4 KiB append with fdatasync",
              .measured = report.median("disk/append_and_sync"),
              .floor = {}});
  report.print();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    bench(argc, argv);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
