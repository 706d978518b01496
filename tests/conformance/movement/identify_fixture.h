// SPDX-License-Identifier: MIT
// A library whose cartridges have labels, and the questions of the tests about what they are taken
// for.
#pragma once

#include <ntms/emulator.h>

#include <string>
#include <vector>

#include "conformance/movement/movement_fixture.h"
#include "support/wide.h"

namespace ntms::conformance {

inline constexpr DWORD kPatience = 60'000;  // milliseconds

// The first block of a tape with an ANSI volume label.
inline std::string volume_label(const std::string& serial) {
  std::string label(80, ' ');
  label.replace(0, 4, "VOL1");
  label.replace(4, serial.size(), serial);
  label[79] = '4';
  return label;
}

class IdentifyTest : public MovementOnEmulator {
 protected:
  IdentifyTest() { test::set_environment("NTMS_IDENTIFY", "yes"); }

  // A library whose first cartridges have these labels; "" is a blank tape.
  void start_with(const std::vector<std::string>& serials, LibraryShape shape = {}) {
    shape.media = static_cast<unsigned>(serials.size());
    create(shape);
    for (unsigned i = 0; i < serials.size(); ++i) write_label(robot().bar_code(i), serials[i]);
    open();
    ASSERT_TRUE(wait_for_quiet()) << picture();
  }
  void write_label(const std::string& cartridge, const std::string& serial) {
    ASSERT_EQ(ntms_emulator_tape_erase(emulator().handle(), cartridge.c_str(), 0),
              NTMS_EMULATOR_OK);
    if (serial.empty()) return;
    const std::string label = volume_label(serial);
    ASSERT_EQ(ntms_emulator_tape_append(emulator().handle(), cartridge.c_str(), 0, label.data(),
                                        label.size()),
              NTMS_EMULATOR_OK);
  }
  // Nothing is queued and nothing runs.
  bool wait_for_quiet() {
    return wait_until([&] {
      for (const Id& id : rsm().list(NTMS_LIBREQUEST, library())) {
        const DWORD state = rsm().get(id, NTMS_LIBREQUEST).Info.LibRequest.State;
        if (state == NTMS_LM_QUEUED || state == NTMS_LM_INPROCESS || state == NTMS_LM_WAITING) {
          return false;
        }
      }
      return true;
    });
  }
  std::vector<NTMS_LIBREQUESTINFORMATIONW> identifications() {
    std::vector<NTMS_LIBREQUESTINFORMATIONW> found;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST, library())) {
      const auto request = rsm().get(id, NTMS_LIBREQUEST).Info.LibRequest;
      if (request.OperationCode == NTMS_LM_CLASSIFY) found.push_back(request);
    }
    return found;
  }
  NTMS_PARTITIONINFORMATIONW side_info(const Id& medium_id) {
    return rsm().get(side_of(medium_id), NTMS_PARTITION).Info.Partition;
  }
  DWORD state_of(const Id& medium_id) { return side_info(medium_id).State; }
  std::string label_of(const Id& medium_id) {
    const auto info = side_info(medium_id);
    return {reinterpret_cast<const char*>(info.OmidLabelId),
            reinterpret_cast<const char*>(info.OmidLabelId) + info.dwOmidLabelIdLength};
  }
  DWORD pool_type_of(const Id& medium_id) {
    return rsm().get(media_info(medium_id).MediaPool, NTMS_MEDIA_POOL).Info.MediaPool.PoolType;
  }
  // The medium that is recorded in a slot; the null id when there is none.
  Id medium_in_slot(unsigned index) {
    const Id slot_id = Id(slot(index).ObjectGuid);
    for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA, library())) {
      if (Id(media_info(id).Location) == slot_id) return id;
    }
    return {};
  }
  DWORD identify(unsigned slot_index, DWORD option = 0) {
    return IdentifyNtmsSlot(session(), Id(slot(slot_index).ObjectGuid).get(), option);
  }
  DWORD inventory(DWORD action) {
    Id id = library();
    return InventoryNtmsLibrary(session(), id.get(), action);
  }
  DWORD mount(const Id& medium_id, Id* drive) {
    Id side = side_of(medium_id);
    return MountNtmsMedia(session(), side.get(), drive->get(), 1, NTMS_MOUNT_READ, 0, kPatience,
                          nullptr);
  }
  // The medium belongs to an application from now on.
  Id allocate(const Id& medium_id) {
    Id pool;
    Id type(media_info(medium_id).MediaType);
    EXPECT_EQ(CreateNtmsMediaPoolW(session(), NTMS_W("\\App"), type.get(), NTMS_OPEN_ALWAYS,
                                   nullptr, pool.get()),
              ERROR_SUCCESS);
    Id side = side_of(medium_id);
    Id logical;
    EXPECT_EQ(AllocateNtmsMedia(session(), pool.get(), side.get(), logical.get(), 0, 0, nullptr),
              ERROR_SUCCESS);
    return logical;
  }
};

}  // namespace ntms::conformance
