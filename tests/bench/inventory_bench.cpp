// SPDX-License-Identifier: MIT
// A fast inventory of a changer with 10,000 slots and media over iSCSI, beside the time that
// reading the element status alone takes.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>

#include "bench/client.h"
#include "bench/raw_changer.h"
#include "bench/report.h"
#include "bench/work_directory.h"
#include "support/program.h"
#include "support/tgt/tgt_target.h"

namespace {

using namespace ntms::bench;
using ntms::scsi::ElementType;
using ntms::test::TgtTarget;
using std::chrono::microseconds;

constexpr unsigned kSlots = 10000;
constexpr int kIterations = 2;  // of each repetition
constexpr double kMilliseconds = 1e3;

// The changer's data directories and the session on one of them.
class Sessions {
 public:
  Sessions(std::filesystem::path folder, std::string uri)
      : folder_(std::move(folder)), uri_(std::move(uri)) {}

  // Seconds from the call to the request that has passed, on a library known from before.
  double take_inventory() {
    open_known();
    NTMS_GUID library = client_->library();
    return seconds_of([&] {
      expect_success(InventoryNtmsLibrary(client_->session(), &library, NTMS_INVENTORY_FAST),
                     "InventoryNtmsLibrary");
      const NTMS_GUID request = client_->list(NTMS_LIBREQUEST).back();
      wait_until([&] { return client_->request_state(request) == NTMS_LM_PASSED; }, "the inventory",
                 microseconds(500));
    });
  }

  // The same after all media have been removed from the database, in another process: the robot
  // has strangers only.
  double meet_strangers() {
    open_known();
    ntms::test::run_program({NTMS_SQL_TOOL, (folder_ / "known" / "ntms.db").string(),
                             "BEGIN IMMEDIATE; DELETE FROM side; DELETE FROM physical_medium; "
                             "COMMIT"});
    return take_inventory();
  }

  // Seconds to open the first session on a new data directory.
  double open_new() {
    client_.reset();
    const auto data = folder_ / "new";
    std::filesystem::remove_all(data);
    const double seconds = seconds_of([&] { client_.emplace(data, uri_); });
    known_ = false;
    check_media();
    return seconds;
  }

 private:
  void open_known() {
    if (client_ && known_) return;
    client_.reset();
    client_.emplace(folder_ / "known", uri_);
    known_ = true;
    check_media();
  }

  void check_media() const {
    if (client_->list(NTMS_PHYSICAL_MEDIA).size() != kSlots) {
      throw std::runtime_error("the library is not complete");
    }
  }

  const std::filesystem::path folder_;
  const std::string uri_;
  std::optional<Client> client_;
  bool known_ = false;
};

void bench(int argc, char** argv) {
  const WorkDirectory work;
  TgtTarget::Options options;
  options.slots = options.media = kSlots;
  options.mountable = 4;
  const TgtTarget target(options);
  const std::string& uri = target.changer_uri();
  Report report;
  RawChanger raw(uri);

  Sessions sessions(work.path(), uri);

  measure("read_element_status/floor", report.samples("read_element_status/floor"), [&] {
    return seconds_of([&] {
      raw.read({ElementType::transport, target.picker_at(), 1});
      raw.read({ElementType::storage, target.slot_at(0), options.slots});
      raw.read({ElementType::import_export, target.mail_at(0), options.mail_slots});
      raw.read({ElementType::data_transfer, target.drive_at(0), options.drives});
    });
  })->Iterations(kIterations);
  measure("inventory_unchanged/api", report.samples("inventory_unchanged/api"), [&] {
    return sessions.take_inventory();
  })->Iterations(kIterations);
  measure("inventory_all_new/api", report.samples("inventory_all_new/api"), [&] {
    return sessions.meet_strangers();
  })->Iterations(kIterations);
  measure("first_session/api", report.samples("first_session/api"), [&] {
    return sessions.open_new();
  })->Iterations(1);
  run(argc, argv);

  const auto floor = report.median("read_element_status/floor", kMilliseconds);
  const auto add = [&](const char* name, const char* samples, std::optional<double> reading) {
    report.add({.name = name,
                .measured = report.median(samples, kMilliseconds),
                .floor = reading,
                .unit = "ms",
                .most_above = 150});
  };
  add("3 inventory of 10,000, nothing new", "inventory_unchanged/api", floor);
  add("3 inventory of 10,000, all new", "inventory_all_new/api", floor);
  // It reads twice: to get to know the library, and again when it holds the arm.
  auto twice = floor;
  if (twice) *twice *= 2;
  add("3 first session, all new", "first_session/api", twice);
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
