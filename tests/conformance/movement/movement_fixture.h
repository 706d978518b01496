// SPDX-License-Identifier: MIT
// What the tests of injects, doors, cleaners and drives share.
#pragma once

#include "conformance/library_fixture.h"

namespace ntms::conformance {

// On one robot; the emulator unless `start` says otherwise.
class MovementTest : public RobotTest {
 protected:
  DWORD inject(DWORD action, Id* operation) {
    return InjectNtmsMedia(session(), library().get(),
                           operation != nullptr ? &operation->guid : nullptr, action);
  }
  // Starts an inject; a failure is a test failure.
  Id start_inject(DWORD action = NTMS_INJECT_START) {
    Id operation;
    EXPECT_EQ(inject(action, &operation), ERROR_SUCCESS);
    return operation;
  }
  bool wait_for_position(DWORD position) {
    return wait_until([&] { return port(0).Info.IEPort.Position == position; });
  }
  bool wait_for_open_port() { return wait_for_position(NTMS_PORTPOSITION_EXTENDED); }
  // The operator puts a cartridge into a port as soon as that lets it in.
  void put(unsigned index, const std::string& bar_code) { robot().put(index, bar_code); }
  bool wait_for_door(DWORD state) {
    return wait_until([&] { return elements(NTMS_IEDOOR).at(0).Info.IEDoor.State == state; });
  }
  unsigned full_slots() {
    unsigned count = 0;
    for (const Info& slot_info : elements(NTMS_STORAGESLOT)) {
      count += slot_info.Info.StorageSlot.State == NTMS_SLOTSTATE_FULL ? 1 : 0;
    }
    return count;
  }
  // Media with this bar code, wherever they are.
  std::size_t records_of(const std::string& bar_code) {
    std::size_t count = 0;
    for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA)) {
      count += text(media_info(id).szBarCode) == bar_code ? 1 : 0;
    }
    return count;
  }
};

class MovementOnEmulator : public MovementTest {
 protected:
  void start(const LibraryShape& shape = {}) { LibraryTest::start(shape, Robot::emulator); }
};

}  // namespace ntms::conformance
