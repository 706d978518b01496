// SPDX-License-Identifier: MIT
// What the tests of drives that stand alone share: such a drive on the emulator, and the person who
// feeds it.
#pragma once

#include <string>
#include <vector>

#include "conformance/library_fixture.h"
#include "support/wide.h"

namespace ntms::conformance {

class LoneDriveTest : public DataDirectoryTest {
 protected:
  static constexpr DWORD kPatience = 60'000;  // milliseconds, far more than a mount takes here

  LoneDriveTest() { test::set_environment("NTMS_IDENTIFY", "yes"); }
  ~LoneDriveTest() override {
    rsm_.close();
    ntms_emulator_close(emulator_);
  }

  // Makes the drive and names it; `inside` is in it from the start ("" for none).
  void create(const std::string& inside = "", bool virtual_clock = false) {
    ntms_emulator_geometry geometry{};
    geometry.size = sizeof geometry;
    geometry.stand_alone = 1;
    geometry.virtual_clock = virtual_clock ? 1 : 0;
    geometry.clock_start = 1'700'000'000'000;
    const std::string path = (directory() / "drive.emu").string();
    ASSERT_EQ(ntms_emulator_create(path.c_str(), &geometry), NTMS_EMULATOR_OK);
    ASSERT_EQ(ntms_emulator_open(path.c_str(), &emulator_), NTMS_EMULATOR_OK);
    uri_ = "emulator:" + path;
    set_devices({uri_});
    if (!inside.empty()) insert(inside);
  }
  // Opens the session and waits until the library is ready.
  void open() {
    rsm_ = Rsm::open();
    ASSERT_TRUE(rsm_.is_open());
    ASSERT_TRUE(wait_until([&] {
      for (const Id& id : rsm_.list(NTMS_LIBRARY)) {
        const Info info = rsm_.get(id, NTMS_LIBRARY);
        if (info.Info.Library.LibraryType != NTMS_LIBRARYTYPE_STANDALONE) continue;
        library_ = id;
        return info.dwOperationalState == DWORD{NTMS_READY};
      }
      return false;
    })) << "the drive does not become a library";
  }
  void start(const std::string& inside = "", bool virtual_clock = false) {
    ASSERT_NO_FATAL_FAILURE(create(inside, virtual_clock));
    ASSERT_NO_FATAL_FAILURE(open());
  }

  // The person's hands.
  void insert(const std::string& cartridge) {
    ASSERT_EQ(ntms_emulator_drive_insert(emulator_, 0, cartridge.c_str()), NTMS_EMULATOR_OK);
  }
  void press_button() { ASSERT_EQ(ntms_emulator_drive_eject(emulator_, 0), NTMS_EMULATOR_OK); }
  void take_out() { ASSERT_EQ(ntms_emulator_drive_take(emulator_, 0, nullptr), NTMS_EMULATOR_OK); }
  void swap_for(const std::string& cartridge) {
    press_button();
    take_out();
    insert(cartridge);
  }
  bool holds(const char* cartridge) {
    std::uint32_t type = 99;
    std::uint32_t index = 0;
    EXPECT_EQ(ntms_emulator_find(emulator_, cartridge, &type, &index), NTMS_EMULATOR_OK);
    return type == NTMS_EMULATOR_DRIVE;
  }
  bool is_threaded() {
    ntms_emulator_element_info info{};
    info.size = sizeof info;
    EXPECT_EQ(ntms_emulator_element(emulator_, NTMS_EMULATOR_DRIVE, 0, &info), NTMS_EMULATOR_OK);
    return info.loaded != 0;
  }

  HANDLE session() const { return rsm_.handle(); }
  Rsm& rsm() { return rsm_; }
  const Id& library() const { return library_; }
  NTMS_LIBRARYINFORMATION info() { return rsm_.get(library_, NTMS_LIBRARY).Info.Library; }
  Info drive() { return rsm_.get(rsm_.list(NTMS_DRIVE, library_).at(0), NTMS_DRIVE); }
  Id drive_id() { return Id(drive().ObjectGuid); }
  DWORD drive_state() { return drive().Info.Drive.State; }
  NTMS_IEPORTINFORMATION port() {
    return rsm_.get(rsm_.list(NTMS_IEPORT, library_).at(0), NTMS_IEPORT).Info.IEPort;
  }
  bool port_shows(DWORD content) {
    return wait_until([&] { return port().Content == content; });
  }
  NTMS_PMIDINFORMATIONW media_info(const Id& id) {
    return rsm_.get(id, NTMS_PHYSICAL_MEDIA).Info.PhysicalMedia;
  }
  Id side_of(const Id& medium) { return rsm_.list(NTMS_PARTITION, medium).at(0); }
  std::vector<Id> media() { return rsm_.list(NTMS_PHYSICAL_MEDIA, library_); }
  // The medium in the drive; waits for it.
  Id medium_inside() {
    Id found;
    EXPECT_TRUE(wait_until([&] {
      const auto all = media();
      if (all.size() == 1) found = all[0];
      return all.size() == 1;
    }));
    return found;
  }
  // Waits until the drive is at rest with an identified medium.
  void wait_for_identified() {
    ASSERT_TRUE(wait_until([&] { return drive_state() == NTMS_DRIVESTATE_DISMOUNTABLE; }));
  }

  DWORD inventory() {
    return InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST);
  }
  DWORD mount(const Id& medium, DWORD options = NTMS_MOUNT_READ, DWORD timeout = kPatience) {
    Id side = side_of(medium);
    Id chosen;
    return MountNtmsMedia(session(), side.get(), chosen.get(), 1, options, NTMS_PRIORITY_NORMAL,
                          timeout, nullptr);
  }
  DWORD dismount(const Id& medium, DWORD options) {
    Id side = side_of(medium);
    return DismountNtmsMedia(session(), side.get(), 1, options);
  }
  DWORD eject(const Id& medium, Id* operation, DWORD action = NTMS_EJECT_START) {
    return rsm_.eject(medium, action, operation);
  }
  bool wait_for_state(const Id& request, DWORD state) {
    const bool reached = wait_until([&] { return rsm_.state(request) == state; });
    EXPECT_TRUE(reached) << "request is in state " << rsm_.state(request) << " and not " << state;
    return reached;
  }
  Id request_of(DWORD operation) {
    for (const Id& id : rsm_.list(NTMS_LIBREQUEST)) {
      if (rsm_.request(id).OperationCode == operation) return id;
    }
    return {};
  }
  // Open operator requests of a kind.
  std::vector<Id> asked(DWORD kind) {
    std::vector<Id> found;
    for (const Id& id : rsm_.list(NTMS_OPREQUEST)) {
      const auto request = rsm_.get(id, NTMS_OPREQUEST).Info.OpRequest;
      if (request.Request == kind && request.State < NTMS_OPSTATE_REFUSED) found.push_back(id);
    }
    return found;
  }
  // Takes a medium of the import pool into a pool of its own, so that it is kept when it leaves.
  void adopt(const Id& medium) {
    Id pool;
    Id type(media_info(medium).MediaType);
    ASSERT_EQ(CreateNtmsMediaPoolW(session(), NTMS_W("Backup"), type.get(), NTMS_CREATE_NEW,
                                   nullptr, pool.get()),
              ERROR_SUCCESS);
    Id side = side_of(medium);
    Id logical;
    ASSERT_EQ(AllocateNtmsMedia(session(), pool.get(), side.get(), logical.get(), 0, 0, nullptr),
              ERROR_SUCCESS);
  }
  // A cartridge with an ANSI volume label that lies on the shelf; before the session.
  void make_tape(const std::string& cartridge, const std::string& serial) {
    insert(cartridge);
    std::string label(80, ' ');
    label.replace(0, 4, "VOL1");
    label.replace(4, serial.size(), serial);
    label[79] = '4';
    ASSERT_EQ(
        ntms_emulator_tape_append(emulator_, cartridge.c_str(), 0, label.data(), label.size()),
        NTMS_EMULATOR_OK);
    press_button();
    take_out();
  }
  // A drive with an identified cartridge that is kept when it leaves.
  void start_with_own(bool virtual_clock = false) {
    ASSERT_NO_FATAL_FAILURE(create("", virtual_clock));
    ASSERT_NO_FATAL_FAILURE(make_tape("TAPE1", "DATA01"));
    ASSERT_NO_FATAL_FAILURE(make_tape("TAPE2", "DATA02"));
    insert("TAPE1");
    ASSERT_NO_FATAL_FAILURE(open());
    ASSERT_NO_FATAL_FAILURE(wait_for_identified());
    own_ = medium_inside();
    ASSERT_NO_FATAL_FAILURE(adopt(own_));
  }
  // TEST UNIT READY goes on answering that a cartridge is there, until the faults are cleared.
  void show_ejected_cartridges() {
    ntms_emulator_fault fault{};
    fault.size = sizeof fault;
    fault.lun = 1;
    fault.opcode = 0;
    fault.times = NTMS_EMULATOR_UNTIL_CLEARED;
    fault.kind = NTMS_EMULATOR_FAIL_BEFORE;
    fault.sense_key = 2;
    fault.asc = 4;
    fault.ascq = 2;
    ASSERT_EQ(ntms_emulator_inject_fault(emulator_, &fault), NTMS_EMULATOR_OK);
  }
  void set_time_out(unsigned seconds) {
    Info changed = rsm_.get(rsm_.list(NTMS_IEPORT, library_).at(0), NTMS_IEPORT);
    changed.Info.IEPort.MaxExtendSecs = static_cast<WORD>(seconds);
    ASSERT_EQ(rsm_.set(changed), ERROR_SUCCESS);
  }
  bool is_offline(const Id& medium) {
    const auto found = rsm_.find(medium, NTMS_PHYSICAL_MEDIA);
    return found && !(Id(found->Info.PhysicalMedia.CurrentLibrary) == library_);
  }

  Id own_;  // see start_with_own()
  ntms_emulator* emulator_ = nullptr;
  std::string uri_;

 private:
  Rsm rsm_;
  Id library_;
};

}  // namespace ntms::conformance
