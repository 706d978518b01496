// SPDX-License-Identifier: MIT
// One run of an operation on a library of its own, with a person in front of it who does what an
// attentive operator would do, and the questions that are asked afterwards.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/library_fixture.h"
#include "stepping/faults.h"

namespace ntms::stepping {

// A command as the trace has it.
struct TracedCommand {
  std::uint32_t lun = 0;
  std::uint8_t opcode = 0;
  friend bool operator==(const TracedCommand&, const TracedCommand&) = default;
};

class Step : public conformance::LibraryTest {
 public:
  using Id = conformance::Id;

  void TestBody() override {}

  // A library of this shape, in service and inventoried.
  void start_library(const conformance::LibraryShape& shape) {
    start(shape, conformance::Robot::emulator);
  }

  // Whatever waits for a person is served while `done` has not come true. False after a minute.
  bool attend(const std::function<bool()>& done);

  // The commands that the devices have received since mark().
  void mark();
  std::vector<TracedCommand> trace();

  // Lets the `nth` (from 1) such command from now on fail.
  void let_fail(const TracedCommand& command, unsigned nth, const Failure& failure);
  bool fault_has_struck();

  // The library does not claim anything that is not so: what it says to know, the robot confirms.
  ::testing::AssertionResult is_truthful();
  // Nothing is under way any more, and every request has ended in a definite way.
  void expect_definite_ends();
  // The library recovers: after a look at the robot both agree on everything, and the next eject,
  // inject and mount work.
  void expect_recovery();

  // ---- The operations: what is made ready without faults, and what is run with one.

  void prepare_plain();
  void run_eject();
  void run_batch();
  void run_inject();
  void prepare_door();
  void run_door();
  void run_mount();
  void prepare_mounted();
  void run_dismount();
  void prepare_evicting();
  void run_evicting_mount();
  void prepare_other_side();
  void run_turning_mount();
  void run_inventory();
  void run_identification();
  void prepare_cleaner();
  void run_cleaning();

  using conformance::LibraryTest::picture;

 private:
  bool all_ended();
  bool deferred_are_in_drives();
  void serve_once();
  Id side_with_number(const Id& medium_id, unsigned number);
  // Mounts a side of a medium with the operator attending; the code, and the drive.
  std::pair<DWORD, Id> mount_attended(const Id& medium_id, unsigned side_number = 0);
  DWORD dismount_now(const Id& medium_id, DWORD options, unsigned side_number = 0);
  bool eject_attended(const std::vector<Id>& media);
  bool inject_attended(const std::string& bar_code);

  std::uint64_t marked_ = 0;
  bool takes_ = true;       // the operator empties ports
  std::string brings_;      // the cartridge he puts into an open port; empty: none
  bool injecting_ = false;  // he waits for the library to take it
  bool opens_door_ = false;
  TracedCommand failing_;
};

// An operation that is stepped through.
struct Operation {
  const char* name;
  conformance::LibraryShape shape;
  void (Step::*prepare)();
  void (Step::*run)();
};
const std::vector<Operation>& operations();

}  // namespace ntms::stepping
