// SPDX-License-Identifier: MIT
// The library's own time for a move: from an accepted eject to the medium recorded in the port, on
// an emulated library whose arm needs no time. The floor is what no implementation can do without:
// the decision to move and its outcome on disk, and one look at an element.
#include <cstdio>
#include <exception>

#include "bench/client.h"
#include "bench/emulated_library.h"
#include "bench/floor_database.h"
#include "bench/raw_changer.h"
#include "bench/report.h"
#include "bench/work_directory.h"

namespace {

using namespace ntms::bench;
using std::chrono::microseconds;

constexpr std::size_t kBatch = 16;
constexpr int kMoves = 40;   // of each repetition
constexpr int kBatches = 4;  // likewise
constexpr std::uint16_t kFirstSlot = 1024;

// The rows of a move, in two transactions.
class FloorMove {
 public:
  FloorMove(FloorDatabase& database, const NTMS_GUID& medium, const NTMS_GUID& port)
      : medium_(bytes_of(medium)),
        port_(bytes_of(port)),
        request_(FloorRequests(database).queue(medium_)),
        begin_(database.handle(), "BEGIN IMMEDIATE"),
        commit_(database.handle(), "COMMIT"),
        update_request_(database.handle(),
                        "UPDATE library_request SET modified=modified+1, state=1, phase=?2, "
                        "source=1024, target=16 WHERE guid=?1"),
        update_slot_(database.handle(),
                     "UPDATE slot SET modified=modified+1, state=2 WHERE element_address=1024"),
        update_port_(database.handle(),
                     "UPDATE port SET modified=modified+1, content=1 WHERE guid=?1"),
        update_medium_(database.handle(),
                       "UPDATE physical_medium SET modified=modified+1, location=?2, "
                       "location_type=?3, media_state=1 WHERE guid=?1"),
        log_(database.handle(), "INSERT INTO change(operation,type,guid) VALUES(?1,?2,?3)") {}

  void decide() {
    begin_.run();
    note_request(1);
    log(NTMS_LIBREQUEST, request_);
    commit_.run();
  }

  void arrive() {
    begin_.run();
    update_slot_.run();
    log(NTMS_STORAGESLOT, medium_);
    update_port_.bind(1, port_);
    update_port_.run();
    log(NTMS_IEPORT, port_);
    update_medium_.bind(1, medium_);
    update_medium_.bind(2, port_);
    update_medium_.bind(3, NTMS_IEPORT);
    update_medium_.run();
    log(NTMS_PHYSICAL_MEDIA, medium_);
    note_request(2);
    commit_.run();
  }

 private:
  void note_request(std::int64_t phase) {
    update_request_.bind(1, request_);
    update_request_.bind(2, phase);
    update_request_.run();
  }

  void log(std::int64_t type, const Bytes16& id) {
    log_.bind(1, NTMS_OBJ_UPDATE);
    log_.bind(2, type);
    log_.bind(3, id);
    log_.run();
  }

  const Bytes16 medium_;
  const Bytes16 port_;
  const Bytes16 request_;
  FloorStatement begin_;
  FloorStatement commit_;
  FloorStatement update_request_;
  FloorStatement update_slot_;
  FloorStatement update_port_;
  FloorStatement update_medium_;
  FloorStatement log_;
};

// Ejects media and takes them back.
class Mover {
 public:
  Mover(const Client& client, std::vector<NTMS_GUID> media)
      : client_(client), media_(std::move(media)) {}

  // Seconds from an accepted eject to its medium being recorded in the port.
  double one() {
    NTMS_GUID operation{};
    expect_success(EjectNtmsMedia(client_.session(), &media_.front(), &operation, NTMS_EJECT_START),
                   "START");
    const double seconds = seconds_of([&] { wait_for(media_.front(), NTMS_IEPORT); });
    take_back({operation});
    return seconds;
  }

  // The same of one move in a batch.
  double one_of_many() {
    for (NTMS_GUID& medium : media_) {
      expect_success(EjectNtmsMedia(client_.session(), &medium, nullptr, NTMS_EJECT_QUEUE),
                     "QUEUE");
    }
    std::vector<NTMS_GUID> requests = client_.list(NTMS_LIBREQUEST);
    requests.erase(requests.begin(), requests.end() - static_cast<std::ptrdiff_t>(media_.size()));
    NTMS_GUID operation{};
    expect_success(EjectNtmsMedia(client_.session(), nullptr, &operation, NTMS_EJECT_START),
                   "START");
    const double seconds = seconds_of([&] { wait_for(media_.back(), NTMS_IEPORT); });
    take_back(requests);
    return seconds / static_cast<double>(media_.size());
  }

 private:
  void wait_for(const NTMS_GUID& medium, DWORD place) {
    wait_until([&] { return client_.location_type(medium) == place; }, "the move",
               microseconds(50));
  }

  void take_back(std::vector<NTMS_GUID> requests) {
    for (NTMS_GUID& request : requests) {
      expect_success(CancelNtmsLibraryRequest(client_.session(), &request), "CANCEL");
    }
    for (const NTMS_GUID& request : requests) {
      wait_until([&] { return client_.request_state(request) == NTMS_LM_CANCELLED; },
                 "the way back");
    }
  }

  const Client& client_;
  std::vector<NTMS_GUID> media_;
};

void bench(int argc, char** argv) {
  const WorkDirectory work;
  const EmulatedLibrary library{.slots = 40, .media = 20, .ports = kBatch};
  const std::string uri = create(work.path() / "library.emu", library);
  RawChanger raw(create(work.path() / "floor.emu", library));
  const auto data = work.path() / "data";
  { const Client first(data, uri); }  // records the library
  FloorDatabase floor_database(data, work.path() / "floor");
  const Client client(data, uri);
  std::vector<NTMS_GUID> media = client.list(NTMS_PHYSICAL_MEDIA);
  FloorMove floor(floor_database, media.back(), client.list(NTMS_IEPORT).back());
  media.resize(kBatch);
  Mover mover(client, media);
  Report report;

  measure("move/api", report.samples("move/api"), [&] { return mover.one(); })->Iterations(kMoves);
  measure("move_in_a_batch_of_16/api", report.samples("move_in_a_batch_of_16/api"), [&] {
    return mover.one_of_many();
  })->Iterations(kBatches);
  measure("move/floor", report.samples("move/floor"), [&] {
    return seconds_of([&] {
      floor.decide();
      raw.read({.type = ntms::scsi::ElementType::storage, .first = kFirstSlot, .count = 1});
      floor.arrive();
    });
  })->Iterations(kMoves);
  measure("status_read/floor", report.samples("status_read/floor"), [&] {
    return seconds_of([&] {
      raw.read({.type = ntms::scsi::ElementType::storage, .first = kFirstSlot, .count = 1});
    });
  })->Iterations(kMoves);
  measure_disk(report, work.path());
  run(argc, argv);

  report.add({.name = "4 one eject",
              .measured = report.median("move/api"),
              .floor = report.median("move/floor"),
              .most_above = 1000});
  report.add({.name = "4 each eject of a batch of 16",
              .measured = report.median("move_in_a_batch_of_16/api"),
              .floor = report.median("move/floor"),
              .most_above = 1000});
  report.add(
      {.name = "one status read", .measured = report.median("status_read/floor"), .floor = {}});
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
