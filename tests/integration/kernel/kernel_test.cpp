// SPDX-License-Identifier: MIT
// The library on Linux' own SCSI stack: /dev/sg*, /dev/nst* and /dev/sch0 of a changer with two
// drives (changer_setup.sh), found without a word of configuration. Runs in the guest of
// run_in_guest.sh. After what the engine has done, mtx is asked for a second opinion (agree_soon).
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/mtio.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "integration/kernel/kernel_backend.h"
#include "integration/scenario.h"

namespace ntms::integration {
namespace {

using test::WideString;

constexpr DWORD kPatience = 60'000;  // milliseconds

// An open file of the system.
class Device {
 public:
  explicit Device(const std::string& name, int flags = O_RDWR)
      : file_(::open(name.c_str(), flags | O_CLOEXEC)), error_(file_ < 0 ? errno : 0) {}
  Device(Device&& other) noexcept : file_(std::exchange(other.file_, -1)), error_(other.error_) {}
  Device& operator=(Device&&) = delete;
  ~Device() {
    if (file_ >= 0) ::close(file_);
  }

  int error() const { return error_; }  // of opening it; 0: it is open
  bool rewind() { return operate(MTREW, 1); }
  bool set_variable_blocks() { return operate(MTSETBLK, 0); }
  bool write_filemark() { return operate(MTWEOF, 1); }
  bool write(const std::string& block) {
    return ::write(file_, block.data(), block.size()) == static_cast<ssize_t>(block.size());
  }
  // The next block; empty at a filemark or an error.
  std::string read(std::size_t room) {
    std::string block(room, '\0');
    const ssize_t count = ::read(file_, block.data(), block.size());
    block.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return block;
  }

 private:
  bool operate(short operation, int count) {
    mtop command{operation, count};
    return ioctl(file_, MTIOCTOP, &command) == 0;
  }

  int file_;
  int error_;
};

int error_of_opening(const std::string& name, int flags = O_RDWR | O_NONBLOCK) {
  return Device(name, flags).error();
}

// The first block of a tape with an ANSI volume label.
std::string volume_label(const std::string& serial) {
  std::string label(80, ' ');
  label.replace(0, 4, "VOL1");
  label.replace(4, serial.size(), serial);
  label[79] = '4';
  return label;
}

class Kernel : public LibraryTest {
 protected:
  Kernel() { use(std::make_unique<KernelBackend>()); }

  DWORD inventory() {
    Id id = library();
    return InventoryNtmsLibrary(session(), id.get(), NTMS_INVENTORY_FAST);
  }
  // The cartridge goes back into its slot.
  void stop_eject(Id operation, const Id& cartridge, unsigned slot_index) {
    ASSERT_EQ(rsm().eject(cartridge, NTMS_EJECT_STOP, &operation), ERROR_SUCCESS);
    EXPECT_TRUE(wait_until([&] { return is_in_slot(cartridge, slot_index); })) << picture();
    EXPECT_TRUE(agree_soon());
  }
  bool wait_for_operational(DWORD state) {
    return wait_until([&] { return library_info().dwOperationalState == state; },
                      std::chrono::seconds(60));
  }
  bool wait_for_idle(const Id& cartridge) {
    return wait_until([&] {
      return media_info(cartridge).MediaState == static_cast<DWORD>(NTMS_MEDIASTATE_IDLE);
    });
  }
  Id pool(const WideString& path, DWORD action, Id* type) {
    Id id;
    EXPECT_EQ(CreateNtmsMediaPoolW(session(), path.c_str(), type != nullptr ? type->get() : nullptr,
                                   action, nullptr, id.get()),
              ERROR_SUCCESS);
    return id;
  }
  std::string device_name_of(const Id& drive_id) {
    return text(rsm().get(drive_id, NTMS_DRIVE).Info.Drive.szDeviceName);
  }
  std::string log() const {
    std::ifstream file(data() / "ntms.log");
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
  }
  // The names of the drives in the order of their bays, as sysfs has them by their serial numbers.
  std::vector<std::string> drive_names_by_serial() {
    std::vector<std::string> names;
    for (const Info& drive_info : elements(NTMS_DRIVE)) {
      const std::string serial = text(drive_info.Info.Drive.szSerialNumber);
      for (const auto& entry : std::filesystem::directory_iterator("/sys/class/scsi_tape")) {
        const std::string node = entry.path().filename().string();
        std::ifstream page(entry.path() / "device" / "vpd_pg80", std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(page)), {});
        const bool plain =
            node.starts_with("nst") && node.find_first_not_of("0123456789", 3) == std::string::npos;
        if (plain && !serial.empty() && bytes.find(serial) != std::string::npos) {
          names.push_back("/dev/" + node);
        }
      }
    }
    return names;
  }
};

// Error paths first.

TEST_F(Kernel, WithoutPermissionTheReasonIsSaidInWords) {
  open_to_everybody();
  Application application(worker());
  ASSERT_EQ(application.ask("uid 65534"), "uid 0");
  application.begin("open");  // it would wait for somebody who may
  const auto says = [&](const std::string& words) {
    return log().find(words) != std::string::npos;
  };
  EXPECT_TRUE(wait_until([&] { return says("leaves the robots to others"); }));
  EXPECT_TRUE(says(sg_node() + ": no permission"));
  EXPECT_TRUE(says("group"));
  application.kill();
}

TEST_F(Kernel, WithoutConfigurationTheLibraryIsListedDisabled) {
  set_devices({});
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_FALSE(library_info().Enabled);
  Id operation;
  EXPECT_EQ(rsm().eject(medium(0), NTMS_EJECT_START, &operation), ERROR_DEVICE_NOT_AVAILABLE);
  EXPECT_EQ(inventory(), ERROR_RESOURCE_DISABLED);
  EXPECT_EQ(error_of_opening(sg_node(), O_RDWR | O_NONBLOCK | O_EXCL), 0)
      << "what is not in service is in nobody's way";
  Id id = library();
  ASSERT_EQ(EnableNtmsObject(session(), NTMS_LIBRARY, id.get()), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return library_info().Enabled != FALSE; }));
  EXPECT_TRUE(wait_until([&] { return inventory() == ERROR_SUCCESS; }));
  EXPECT_TRUE(agree_soon());
}

TEST_F(Kernel, AutoPutsItInServiceWithItsDrives) {
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_TRUE(library_info().Enabled);
  EXPECT_TRUE(library_info().Info.Library.BarCodeReaderInstalled);
  const auto changers = rsm().list(NTMS_CHANGER, library());
  ASSERT_EQ(changers.size(), 1U);
  const auto changer = rsm().get(changers[0], NTMS_CHANGER).Info.Changer;
  EXPECT_EQ(text(changer.szDeviceName), sg_node());
  EXPECT_EQ(text(changer.szSerialNumber), "LIB0000001");
  ASSERT_EQ(elements(NTMS_DRIVE).size(), 2U);
  for (unsigned i = 0; i < 2; ++i) {
    EXPECT_EQ(text(drive(i).Info.Drive.szDeviceName), "/dev/nst" + std::to_string(i));
    EXPECT_EQ(text(drive(i).Info.Drive.szSerialNumber), "HU000000" + std::to_string(i + 1));
    EXPECT_EQ(drive(i).dwOperationalState, static_cast<DWORD>(NTMS_READY));
  }
}

// By the node of another driver, and found by its serial number: one library, served once.
TEST_F(Kernel, NamedByANodeItIsTheSameLibraryWithItsDrives) {
  set_devices({"sg:" + changer_node(), "auto"});
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(log().find("is held by"), std::string::npos);
  for (unsigned i = 0; i < 2; ++i) {
    EXPECT_EQ(text(drive(i).Info.Drive.szDeviceName), "/dev/nst" + std::to_string(i));
  }
}

TEST_F(Kernel, AnEjectIsQueuedStartedAndStopped) {
  ASSERT_NO_FATAL_FAILURE(open());
  Id operation;
  ASSERT_EQ(rsm().eject(medium(1), NTMS_EJECT_QUEUE, &operation), ERROR_SUCCESS);
  EXPECT_TRUE(agree());
  EXPECT_TRUE(is_in_slot(medium(1), 1));
  ASSERT_EQ(rsm().eject(medium(1), NTMS_EJECT_START, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_extended(medium(1)));
  EXPECT_TRUE(agree_soon());
  stop_eject(operation, medium(1), 1);
}

TEST_F(Kernel, WhileItMovesCartridgesNobodyElseGetsTheChanger) {
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  EXPECT_EQ(error_of_opening(sg_node()), EBUSY);
  EXPECT_EQ(error_of_opening("/dev/nst0"), 0) << "a drive is the applications'";
  ASSERT_NO_FATAL_FAILURE(stop_eject(operation, medium(1), 1));
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  EXPECT_EQ(error_of_opening(sg_node()), 0);
}

TEST_F(Kernel, WhoHasTheChangerToItselfIsWaitedForAndNamedInTheLog) {
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = [&] {
    const Device other(sg_node(), O_RDWR | O_NONBLOCK | O_EXCL);
    EXPECT_EQ(other.error(), 0);
    const Id started = start_eject(medium(1));
    EXPECT_TRUE(wait_until(
        [&] { return log().find("another program has the device to itself") != std::string::npos; },
        std::chrono::seconds(60)));
    EXPECT_TRUE(agree());
    EXPECT_TRUE(is_in_slot(medium(1), 1));
    return started;
  }();
  ASSERT_TRUE(wait_for_extended(medium(1)));
  stop_eject(operation, medium(1), 1);
}

TEST_F(Kernel, ACartridgeIsTakenAndComesBack) {
  ASSERT_NO_FATAL_FAILURE(open());
  Id operation = start_eject(medium(2));
  ASSERT_TRUE(wait_for_extended(medium(2)));
  take(medium(2));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
  Id id = library();
  ASSERT_EQ(InjectNtmsMedia(session(), id.get(), operation.get(), NTMS_INJECT_START),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] {
    return port(0).Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED;
  })) << picture();
  robot().put(0, robot().bar_code(2));
  ASSERT_EQ(InjectNtmsMedia(session(), id.get(), operation.get(), NTMS_INJECT_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  const Id back = medium_with(robot().bar_code(2));
  ASSERT_FALSE(back.is_null());
  EXPECT_TRUE(is_in_slot(back, 2)) << picture();
  EXPECT_TRUE(agree_soon());
}

TEST_F(Kernel, AnInventoryFindsWhatAnotherProgramHasMoved) {
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_TRUE(robot().foreign_move(kSlot, 3, kSlot, 12));
  ASSERT_EQ(inventory(), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(3), 12); })) << picture();
  EXPECT_TRUE(agree_soon());
  ASSERT_TRUE(robot().foreign_move(kSlot, 12, kSlot, 3));
  ASSERT_EQ(inventory(), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(3), 3); })) << picture();
}

// A backup application writes its label and its data through the name that the drive tells, and
// reads them again in another mount.
TEST_F(Kernel, DataGoThroughTheDriveThatAMountNames) {
  ASSERT_NO_FATAL_FAILURE(open());
  // What an administrator does: the cartridge is everybody's, with the free label on it.
  Id type(media_info(medium(4)).MediaType);
  const WideString type_name = rsm().get(type, NTMS_MEDIA_TYPE).szName;
  Id free = pool(NTMS_W("\\Free\\") + type_name, NTMS_OPEN_EXISTING, nullptr);
  Id cartridge = medium(4);
  ASSERT_EQ(MoveToNtmsMediaPool(session(), cartridge.get(), free.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return Id(media_info(medium(4)).MediaPool) == free; })) << picture();
  ASSERT_TRUE(wait_for_idle(medium(4))) << picture();
  EXPECT_TRUE(agree_soon());

  Id own = pool(NTMS_W("\\Nightly"), NTMS_CREATE_NEW, &type);
  Info policy = rsm().get(own, NTMS_MEDIA_POOL);
  policy.Info.MediaPool.AllocationPolicy = NTMS_ALLOCATE_FROMSCRATCH;
  ASSERT_EQ(rsm().set(policy), ERROR_SUCCESS);
  Id logical;
  ASSERT_EQ(AllocateNtmsMedia(session(), own.get(), nullptr, logical.get(), 0, 0, nullptr),
            ERROR_SUCCESS);
  const std::string data_block(32'768, 'x');
  const auto mount = [&](Id& drive_id) {
    return MountNtmsMedia(session(), logical.get(), drive_id.get(), 1,
                          NTMS_MOUNT_READ | NTMS_MOUNT_WRITE, NTMS_PRIORITY_NORMAL, kPatience,
                          nullptr);
  };
  Id drive_id;
  ASSERT_EQ(mount(drive_id), ERROR_SUCCESS) << picture();
  EXPECT_TRUE(agree_soon());
  {
    Device tape(device_name_of(drive_id));
    ASSERT_EQ(tape.error(), 0) << device_name_of(drive_id);
    ASSERT_TRUE(tape.set_variable_blocks());
    ASSERT_TRUE(tape.rewind());
    ASSERT_TRUE(tape.write(volume_label("KERNEL")));
    ASSERT_TRUE(tape.write_filemark());
    ASSERT_TRUE(tape.write(data_block));
    ASSERT_TRUE(tape.write_filemark());
    ASSERT_TRUE(tape.rewind());
  }
  std::string label = volume_label("KERNEL");
  ASSERT_EQ(UpdateNtmsOmidInfo(session(), logical.get(), NTMS_OMID_TYPE_RAW_LABEL,
                               static_cast<DWORD>(label.size()), label.data()),
            ERROR_SUCCESS);
  ASSERT_EQ(DismountNtmsMedia(session(), logical.get(), 1, NTMS_DISMOUNT_IMMEDIATE), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_idle(medium(4))) << picture();
  EXPECT_TRUE(is_in_slot(medium(4), 4));
  EXPECT_TRUE(agree_soon());

  ASSERT_EQ(mount(drive_id), ERROR_SUCCESS) << "the label is the one that is known" << picture();
  {
    Device tape(device_name_of(drive_id));
    ASSERT_EQ(tape.error(), 0);
    ASSERT_TRUE(tape.rewind());
    EXPECT_EQ(tape.read(1024), label);
    EXPECT_EQ(tape.read(1024), "") << "a filemark";
    EXPECT_TRUE(tape.read(data_block.size()) == data_block);
    ASSERT_TRUE(tape.rewind());
  }
  ASSERT_EQ(DismountNtmsMedia(session(), logical.get(), 1, NTMS_DISMOUNT_IMMEDIATE), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_idle(medium(4))) << picture();
  EXPECT_TRUE(agree_soon());
}

// Somebody else has written the label.
TEST_F(Kernel, AnIdentificationReadsTheLabel) {
  ASSERT_TRUE(robot().foreign_move(kSlot, 6, kDrive, 1));
  {
    Device tape("/dev/nst1");
    ASSERT_EQ(tape.error(), 0);
    ASSERT_TRUE(tape.set_variable_blocks());
    ASSERT_TRUE(tape.write(volume_label("OTHERS")));
    ASSERT_TRUE(tape.write_filemark());
    ASSERT_TRUE(tape.rewind());
  }
  ASSERT_TRUE(robot().foreign_move(kDrive, 1, kSlot, 6));
  ASSERT_NO_FATAL_FAILURE(open());
  Id slot_id(slot(6).ObjectGuid);
  ASSERT_EQ(IdentifyNtmsSlot(session(), slot_id.get(), 0), ERROR_SUCCESS);
  const auto label = [&] {
    const auto info = rsm().get(side_of(medium(6)), NTMS_PARTITION).Info.Partition;
    return std::string(reinterpret_cast<const char*>(info.OmidLabelId), info.dwOmidLabelIdLength);
  };
  EXPECT_TRUE(wait_until([&] { return label().starts_with("OTHERS"); })) << picture();
  EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(6), 6); })) << picture();
  EXPECT_TRUE(wait_for_idle(medium(6)));
  EXPECT_TRUE(agree_soon());
}

// The server is there before the devices, as after a start of the machine.
TEST_F(Kernel, ALibraryThatComesLaterIsFound) {
  delete_devices();
  Rsm early = Rsm::open();
  ASSERT_TRUE(early.is_open());
  EXPECT_EQ(early.list(NTMS_LIBRARY).size(), 1U) << "the offline library";
  rescan();
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(rsm().list(NTMS_LIBRARY).size(), 2U) << "no drive stands alone";
  EXPECT_TRUE(library_info().Enabled);
  for (unsigned i = 0; i < 2; ++i) {
    EXPECT_EQ(drive(i).dwOperationalState, static_cast<DWORD>(NTMS_READY));
  }
}

// The drives come back in another order, so that each has the other's name. What the name says when
// a mount has returned is what reaches the tape.
TEST_F(Kernel, DrivesThatCameBackAreMountedUnderTheirNewNames) {
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_EQ(text(drive(1).Info.Drive.szDeviceName), "/dev/nst1");
  delete_drive("nst0");
  delete_drive("nst1");
  for (const char* lun : {"2", "1"}) {
    const std::size_t before = drive_names_by_serial().size();
    rescan(std::string("0 0 ") + lun);
    ASSERT_TRUE(wait_until([&] { return drive_names_by_serial().size() == before + 1; }));
  }
  const std::string after = drive_names_by_serial().at(1);
  ASSERT_EQ(after, "/dev/nst0");
  Id side = side_of(medium(7));
  Id drive_id(drive(1).ObjectGuid);
  ASSERT_EQ(MountNtmsMedia(session(), side.get(), drive_id.get(), 1,
                           NTMS_MOUNT_READ | NTMS_MOUNT_SPECIFIC_DRIVE, NTMS_PRIORITY_NORMAL,
                           kPatience, nullptr),
            ERROR_SUCCESS)
      << picture();
  EXPECT_EQ(device_name_of(drive_id), after);
  EXPECT_EQ(error_of_opening(after, O_RDONLY), 0) << "there is a tape in it";
  ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, NTMS_DISMOUNT_IMMEDIATE), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_idle(medium(7))) << picture();
  EXPECT_TRUE(agree_soon());
}

// The kernel gives the devices up and finds them again under other numbers.
TEST_F(Kernel, DevicesThatVanishAreTakenBackUnderTheirNewNames) {
  ASSERT_NO_FATAL_FAILURE(open());
  const std::string node_before = sg_node();
  {
    // As long as somebody has the nodes open their numbers are not given to others.
    std::vector<Device> held;
    for (const std::string& name :
         {node_before, std::string("/dev/nst0"), std::string("/dev/nst1")}) {
      held.emplace_back(name, O_RDONLY | O_NONBLOCK);
      ASSERT_EQ(held.back().error(), 0) << name;
    }
    delete_devices();
    ASSERT_EQ(inventory(), ERROR_SUCCESS);
    ASSERT_TRUE(wait_for_operational(NTMS_NOT_PRESENT)) << picture();
    rescan();
    ASSERT_TRUE(wait_for_operational(NTMS_READY)) << picture();
  }
  EXPECT_NE(sg_node(), node_before);
  EXPECT_TRUE(agree_soon());
  const auto changers = rsm().list(NTMS_CHANGER, library());
  ASSERT_EQ(changers.size(), 1U);
  EXPECT_EQ(text(rsm().get(changers[0], NTMS_CHANGER).Info.Changer.szDeviceName), sg_node());
  const auto names = drive_names_by_serial();
  ASSERT_EQ(names.size(), 2U);
  for (unsigned i = 0; i < 2; ++i) EXPECT_EQ(text(drive(i).Info.Drive.szDeviceName), names[i]);
  // And it works.
  const Id operation = start_eject(medium(5));
  ASSERT_TRUE(wait_for_extended(medium(5)));
  stop_eject(operation, medium(5), 5);
}

}  // namespace
}  // namespace ntms::integration
