// SPDX-License-Identifier: MIT
// What reading objects costs in a library of 10,000 media, beside the bare query on an equal
// database.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <random>

#include "bench/client.h"
#include "bench/emulated_library.h"
#include "bench/floor_database.h"
#include "bench/report.h"
#include "bench/work_directory.h"

namespace {

using namespace ntms::bench;

constexpr std::uint32_t kMedia = 10000;
constexpr int kReads = 20000;       // of each repetition
constexpr int kEnumerations = 100;  // likewise

// Reads one medium with nothing but SQLite: all columns, looked up by the identifier.
class FloorMedium {
 public:
  explicit FloorMedium(const FloorDatabase& database)
      : statement_(database.handle(),
                   "SELECT guid,created,modified,enabled,operational_state,name,description,"
                   "library,pool,location,location_type,media_type,home_slot,bar_code,"
                   "bar_code_state,sequence_number,media_state,media_type_code,density_code,"
                   "mounted_side FROM physical_medium WHERE guid=?1"),
        columns_(sqlite3_column_count(statement_.handle())) {}

  void read(const Bytes16& id) {
    statement_.bind(1, id);
    if (!statement_.step()) throw std::runtime_error("no such medium");
    for (int i = 0; i < columns_; ++i) {
      benchmark::DoNotOptimize(sqlite3_column_int64(statement_.handle(), i));
      benchmark::DoNotOptimize(sqlite3_column_blob(statement_.handle(), i));
    }
    statement_.step();
  }

 private:
  FloorStatement statement_;
  int columns_;
};

void bench(int argc, char** argv) {
  const WorkDirectory work;
  const std::string uri = create(work.path() / "library.emu", {.slots = kMedia, .media = kMedia});
  const auto data = work.path() / "data";
  { const Client first(data, uri); }  // records the library
  const FloorDatabase floor(data, work.path() / "floor");
  FloorMedium floor_medium(floor);
  FloorStatement floor_list(floor.handle(), "SELECT guid FROM physical_medium ORDER BY id");
  const Client client(data, uri);
  std::vector<NTMS_GUID> media = client.list(NTMS_PHYSICAL_MEDIA);
  if (media.size() != kMedia) throw std::runtime_error("the library is not complete");
  std::shuffle(media.begin(), media.end(), std::mt19937(1));
  Report report;

  measure("get_information/api", report.samples("get_information/api"),
          [&, next = std::size_t{0}]() mutable {
            NTMS_GUID& id = media[next++ % media.size()];
            NTMS_OBJECTINFORMATIONW info{};
            info.dwSize = sizeof info;
            info.dwType = NTMS_PHYSICAL_MEDIA;
            DWORD code = ERROR_SUCCESS;
            const double seconds =
                seconds_of([&] { code = GetNtmsObjectInformationW(client.session(), &id, &info); });
            expect_success(code, "GetNtmsObjectInformationW");
            return seconds;
          })
      ->Iterations(kReads);
  measure("get_information/floor", report.samples("get_information/floor"),
          [&, next = std::size_t{0}]() mutable {
            const Bytes16 id = bytes_of(media[next++ % media.size()]);
            return seconds_of([&] { floor_medium.read(id); });
          })
      ->Iterations(kReads);
  std::vector<NTMS_GUID> found(kMedia);
  measure("enumerate_10000/api", report.samples("enumerate_10000/api"), [&] {
    return seconds_of([&] {
      DWORD size = kMedia;
      expect_success(EnumerateNtmsObject(client.session(), nullptr, found.data(), &size,
                                         NTMS_PHYSICAL_MEDIA, 0),
                     "EnumerateNtmsObject");
    });
  })->Iterations(kEnumerations);
  measure("enumerate_10000/floor", report.samples("enumerate_10000/floor"), [&] {
    return seconds_of([&] {
      std::size_t row = 0;
      while (floor_list.step()) {
        std::memcpy(&found[row++], sqlite3_column_blob(floor_list.handle(), 0), sizeof(NTMS_GUID));
      }
    });
  })->Iterations(kEnumerations);
  run(argc, argv);

  report.add({.name = "2 information of a medium",
              .measured = report.median("get_information/api"),
              .floor = report.median("get_information/floor"),
              .most_times = 3,
              .most = 25});
  report.add({.name = "2 enumerate 10,000 media",
              .measured = report.median("enumerate_10000/api"),
              .floor = report.median("enumerate_10000/floor"),
              .most_times = 1.5});
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
