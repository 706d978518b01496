// SPDX-License-Identifier: MIT
// The operations that are stepped through.
#include <gtest/gtest.h>

#include "stepping/step.h"

namespace ntms::stepping {

// ---- Without faults: what is there before -------------------------------------------------------

void Step::prepare_plain() {}

void Step::prepare_door() {
  opens_door_ = false;
}

void Step::prepare_mounted() {
  ASSERT_EQ(mount_attended(medium(0)).first, ERROR_SUCCESS) << picture();
}

void Step::prepare_evicting() {
  ASSERT_NO_FATAL_FAILURE(prepare_mounted());
  ASSERT_EQ(dismount_now(medium(0), NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS) << picture();
}

// One side lies in the drive.
void Step::prepare_other_side() {
  ASSERT_EQ(mount_attended(medium(0), 1).first, ERROR_SUCCESS) << picture();
  ASSERT_EQ(dismount_now(medium(0), NTMS_DISMOUNT_DEFERRED, 1), ERROR_SUCCESS) << picture();
  ASSERT_TRUE(attend([&] {
    return drive(0).Info.Drive.State == DWORD{NTMS_DRIVESTATE_DISMOUNTABLE};
  })) << picture();
}

void Step::prepare_cleaner() {
  const Id slot_id(slot(5).ObjectGuid);
  ASSERT_EQ(ReserveNtmsCleanerSlot(session(), library().get(), Id(slot_id).get()), ERROR_SUCCESS);
  ASSERT_TRUE(attend([&] { return Id(library_info().Info.Library.CleanerSlot) == slot_id; }));
  Id operation;
  ASSERT_EQ(InjectNtmsCleaner(session(), library().get(), operation.get(), 20, NTMS_INJECT_START),
            ERROR_SUCCESS);
  ASSERT_TRUE(attend([&] { return port(0).Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED; }));
  robot().put(0, "CLN001L1");
  ASSERT_EQ(ntms_emulator_set_cleaner(emulator().handle(), "CLN001L1", 50), NTMS_EMULATOR_OK);
  injecting_ = true;
  ASSERT_TRUE(attend([&] { return rsm().state(operation) == NTMS_LM_PASSED; })) << picture();
  injecting_ = false;
}

// ---- With a fault: what is tried ----------------------------------------------------------------
// What becomes of it depends on the fault; that it ends is what is asked for here.

void Step::run_eject() {
  (void)eject_attended({medium(0)});
}

void Step::run_batch() {
  (void)eject_attended({medium(0), medium(1)});
}

void Step::run_inject() {
  (void)inject_attended("NEW001L8");
}

void Step::run_door() {
  ASSERT_EQ(AccessNtmsLibraryDoor(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  opens_door_ = true;
  // A door that cannot be unlocked ends the request without anybody having gone in.
  EXPECT_TRUE(attend([&] { return all_ended(); })) << picture();
  opens_door_ = false;
}

void Step::run_mount() {
  (void)mount_attended(medium(0));
}

void Step::run_dismount() {
  (void)dismount_now(medium(0), NTMS_DISMOUNT_IMMEDIATE);
}

void Step::run_evicting_mount() {
  (void)mount_attended(medium(1));
}

// The other cartridge, and the other side of it: what is in the drive is turned back on its way
// home, and what comes is turned over.
void Step::run_turning_mount() {
  (void)mount_attended(medium(1), 1);
}

void Step::run_inventory() {
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
}

void Step::run_identification() {
  Id slot_id(slot(0).ObjectGuid);
  (void)IdentifyNtmsSlot(session(), slot_id.get(), 0);
}

void Step::run_cleaning() {
  Id drive_id(drive(0).ObjectGuid);
  ASSERT_EQ(CleanNtmsDrive(session(), drive_id.get()), ERROR_SUCCESS);
}

const std::vector<Operation>& operations() {
  using conformance::LibraryShape;
  const LibraryShape plain{.slots = 6, .drives = 2, .ports = 1, .media = 4};
  const LibraryShape one_drive{.slots = 6, .drives = 1, .ports = 1, .media = 4};
  const LibraryShape two_ports{.slots = 6, .drives = 2, .ports = 2, .media = 4};
  const LibraryShape with_door{.slots = 6, .drives = 2, .ports = 1, .media = 4, .doors = 1};
  const LibraryShape two_sided{.slots = 6, .drives = 1, .ports = 1, .media = 4, .two_sided = true};
  static const std::vector<Operation>& all = *new std::vector<Operation>{
      {"Eject", plain, &Step::prepare_plain, &Step::run_eject},
      {"Batch", two_ports, &Step::prepare_plain, &Step::run_batch},
      {"Inject", plain, &Step::prepare_plain, &Step::run_inject},
      {"Door", with_door, &Step::prepare_door, &Step::run_door},
      {"Mount", plain, &Step::prepare_plain, &Step::run_mount},
      {"Dismount", plain, &Step::prepare_mounted, &Step::run_dismount},
      {"EvictingMount", one_drive, &Step::prepare_evicting, &Step::run_evicting_mount},
      {"TurningMount", two_sided, &Step::prepare_other_side, &Step::run_turning_mount},
      {"Inventory", plain, &Step::prepare_plain, &Step::run_inventory},
      {"Identification", plain, &Step::prepare_plain, &Step::run_identification},
      {"Cleaning", plain, &Step::prepare_cleaner, &Step::run_cleaning},
  };
  return all;
}

}  // namespace ntms::stepping
