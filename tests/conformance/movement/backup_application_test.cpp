// SPDX-License-Identifier: MIT
// The life of a backup application, on both robots: a pool of its own that takes from the free one,
// a tape allocated, mounted, written with a label and data of its own, and put away; the next day
// everything is found again, read back, and given back (functions-media-services 1 to 4, 14 and 15;
// media-labels 5). Only the C interface, and the drive by the name that it tells.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "conformance/library_fixture.h"
#include "conformance/movement/tape_session.h"
#include "support/wide.h"

namespace ntms::conformance {
namespace {

using test::WideString;

constexpr DWORD kPatience = 60'000;  // milliseconds
constexpr std::size_t kBlock = 32'768;
constexpr int kBlocks = 5;
const std::string kSoftware = "Nightly Backup 3.1";

// The TAPE descriptor block of Microsoft Tape Format 1.00a, from the published layout.
class TapeHeader {
 public:
  TapeHeader(const std::string& medium_name, const std::string& bar_code) : block_(1024) {
    constexpr std::uint32_t kTape = 0x45504154;
    constexpr std::uint32_t kMediaLabelBit = 2;
    constexpr std::uint8_t kAnsi = 1;
    put(0, kTape, 4);
    put(8, block_.size(), 2);  // offset to the first event
    put(10, 14, 1);            // OS ID
    put(48, kAnsi, 1);
    put(52, 0x20260105, 4);  // media family
    put(56, kMediaLabelBit, 4);
    put(60, 1, 2);  // media sequence number
    put_text(68, medium_name);
    put_text(72, "MTF Media Label|1.0|Example|Nightly|2026/01/05.08:00:00|" + bar_code +
                     "|1|{8e1f6b52-0c3d-4a57-9b66-1d2f3a4b5c6d}|");
    put_text(80, kSoftware);
    put(84, block_.size(), 2);  // format logical block size
    put(93, 1, 1);              // major version
    std::uint32_t checksum = 0;
    for (std::size_t word = 0; word < 50; word += 2) {
      checksum ^= block_[word] | static_cast<std::uint32_t>(block_[word + 1]) << 8;
    }
    put(50, checksum, 2);
  }

  const Bytes& block() const { return block_; }

 private:
  void put(std::size_t at, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      block_[at + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value >> (8 * i));
    }
  }
  // An MTF_TAPE_ADDRESS, and the text behind what is there already.
  void put_text(std::size_t at, const std::string& text_of_it) {
    put(at, text_of_it.size(), 2);
    put(at + 2, end_, 2);
    std::copy(text_of_it.begin(), text_of_it.end(),
              block_.begin() + static_cast<std::ptrdiff_t>(end_));
    end_ += text_of_it.size();
  }

  Bytes block_;
  std::size_t end_ = 94;
};

std::vector<Bytes> make_data() {
  std::mt19937 random(20260105);
  std::vector<Bytes> blocks(kBlocks, Bytes(kBlock));
  for (Bytes& block : blocks) {
    for (auto& byte : block) byte = static_cast<std::uint8_t>(random());
  }
  return blocks;
}

class BackupApplication : public RobotTest {
 protected:
  Id pool(const WideString& path, DWORD action, const Id* type = nullptr) {
    Id id;
    Id copy = type != nullptr ? *type : Id{};
    EXPECT_EQ(CreateNtmsMediaPoolW(session(), path.c_str(), type != nullptr ? copy.get() : nullptr,
                                   action, nullptr, id.get()),
              ERROR_SUCCESS);
    return id;
  }
  Id pool_of(const Id& cartridge) const { return Id(media_info(cartridge).MediaPool); }

  // What an administrator does once: cartridges for everybody, in the free pool with its label.
  void fill_free_pool() {
    media_type_ = Id(media_info(medium(0)).MediaType);
    const WideString name = rsm().get(media_type_, NTMS_MEDIA_TYPE).szName;
    free_ = pool(NTMS_W("\\Free\\") + name, NTMS_OPEN_EXISTING);
    for (const unsigned index : {0U, 1U}) {
      Id cartridge = medium(index);
      ASSERT_EQ(MoveToNtmsMediaPool(session(), cartridge.get(), free_.get()), ERROR_SUCCESS);
    }
    for (const unsigned index : {0U, 1U}) {
      ASSERT_TRUE(wait_until([&] { return pool_of(medium(index)) == free_; })) << picture();
      ASSERT_TRUE(wait_for_idle(medium(index))) << picture();
    }
  }

  void make_pool() {
    pool_ = pool(NTMS_W("\\Nightly"), NTMS_CREATE_NEW, &media_type_);
    Info info = rsm().get(pool_, NTMS_MEDIA_POOL);
    info.Info.MediaPool.AllocationPolicy = NTMS_ALLOCATE_FROMSCRATCH;
    info.Info.MediaPool.DeallocationPolicy = NTMS_DEALLOCATE_TOSCRATCH;
    ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  }

  DWORD mount(const Id& logical, DWORD options, Id* drive_id) const {
    Id id = logical;
    return MountNtmsMedia(session(), id.get(), drive_id->get(), 1, options, NTMS_PRIORITY_NORMAL,
                          kPatience, nullptr);
  }
  // Done when the cartridge is in its slot.
  void dismount(const Id& logical, const Id& cartridge) {
    Id id = logical;
    ASSERT_EQ(DismountNtmsMedia(session(), id.get(), 1, NTMS_DISMOUNT_IMMEDIATE), ERROR_SUCCESS);
    ASSERT_TRUE(wait_for_idle(cartridge)) << picture();
  }
  bool wait_for_idle(const Id& cartridge) {
    return wait_until([&] {
      return media_info(cartridge).MediaState == static_cast<DWORD>(NTMS_MEDIASTATE_IDLE);
    });
  }
  TapeSession tape_in(const Id& drive_id) const {
    return TapeSession(text(rsm_info(drive_id, NTMS_DRIVE).Info.Drive.szDeviceName));
  }
  Info rsm_info(const Id& id, DWORD type) const {
    Info info{};
    info.dwSize = sizeof info;
    info.dwType = type;
    Id copy = id;
    EXPECT_EQ(GetNtmsObjectInformationW(session(), copy.get(), &info), ERROR_SUCCESS);
    return info;
  }
  NTMS_PARTITIONINFORMATIONW side_info(const Id& side) const {
    return rsm_info(side, NTMS_PARTITION).Info.Partition;
  }

  void allocate() {
    ASSERT_EQ(AllocateNtmsMedia(session(), pool_.get(), nullptr, logical_.get(), 0, 0, nullptr),
              ERROR_SUCCESS)
        << picture();
    const auto sides = rsm().list(NTMS_PARTITION, logical_);
    ASSERT_EQ(sides.size(), 1U);
    side_ = sides.front();
    cartridge_ = Id(side_info(side_).PhysicalMedia);
    EXPECT_EQ(pool_of(cartridge_), pool_) << "taken from the free pool";
  }

  // Writes the label and the data, and tells the server of the label.
  void back_up() {
    Id drive_id;
    ASSERT_EQ(mount(logical_, NTMS_MOUNT_READ | NTMS_MOUNT_WRITE, &drive_id), ERROR_SUCCESS)
        << picture();
    TapeSession tape = tape_in(drive_id);
    ASSERT_TRUE(tape.set_variable_blocks());
    ASSERT_TRUE(tape.rewind());
    const TapeHeader header("Monday", text(media_info(cartridge_).szBarCode));
    ASSERT_TRUE(tape.write(header.block()));
    ASSERT_TRUE(tape.write_filemark());
    for (const Bytes& block : make_data()) ASSERT_TRUE(tape.write(block));
    ASSERT_TRUE(tape.write_filemark());
    ASSERT_TRUE(tape.rewind());
    Bytes label = header.block();
    ASSERT_EQ(UpdateNtmsOmidInfo(session(), logical_.get(), NTMS_OMID_TYPE_RAW_LABEL,
                                 static_cast<DWORD>(label.size()), label.data()),
              ERROR_SUCCESS);
    ASSERT_NO_FATAL_FAILURE(dismount(logical_, cartridge_));
  }

  void read_back() {
    Id drive_id;
    EXPECT_EQ(mount(logical_, NTMS_MOUNT_WRITE, &drive_id), ERROR_WRITE_PROTECT) << "complete";
    ASSERT_EQ(mount(logical_, NTMS_MOUNT_READ, &drive_id), ERROR_SUCCESS) << picture();
    TapeSession tape = tape_in(drive_id);
    ASSERT_TRUE(tape.set_variable_blocks());
    ASSERT_TRUE(tape.rewind());
    const TapeHeader header("Monday", text(media_info(cartridge_).szBarCode));
    EXPECT_EQ(tape.read(header.block().size()), header.block());
    EXPECT_EQ(tape.read(kBlock), Bytes{}) << "a filemark";
    for (const Bytes& block : make_data()) EXPECT_TRUE(tape.read(kBlock) == block);
    EXPECT_EQ(tape.read(kBlock), Bytes{}) << "a filemark";
    ASSERT_TRUE(tape.rewind());
    ASSERT_NO_FATAL_FAILURE(dismount(logical_, cartridge_));
  }

  void expect_label() const {
    const auto side = side_info(side_);
    EXPECT_EQ(text(side.szOmidLabelType), kSoftware);
    EXPECT_EQ(text(side.szOmidLabelInfo), "Monday");
    EXPECT_EQ(side.dwOmidLabelIdLength, 16U);
  }

  Id media_type_;
  Id free_;
  Id pool_;
  Id logical_;
  Id side_;
  Id cartridge_;
};

TEST_P(BackupApplication, FromTheFirstTapeToTheLastRead) {
  start({.slots = 6, .drives = 1, .ports = 1, .media = 4});
  ASSERT_NO_FATAL_FAILURE(fill_free_pool());
  ASSERT_NO_FATAL_FAILURE(make_pool());
  ASSERT_NO_FATAL_FAILURE(allocate());
  ASSERT_NO_FATAL_FAILURE(back_up());
  expect_label();
  ASSERT_EQ(SetNtmsMediaComplete(session(), logical_.get()), ERROR_SUCCESS);
  EXPECT_EQ(side_info(side_).State, DWORD{NTMS_PARTSTATE_COMPLETE});
  EXPECT_TRUE(agree_soon());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);

  // The next day. What the application has kept is the identifier of the logical medium.
  open();
  EXPECT_EQ(pool(NTMS_W("\\Nightly"), NTMS_OPEN_EXISTING), pool_);
  EXPECT_EQ(rsm().list(NTMS_LOGICAL_MEDIA, pool_), std::vector<Id>{logical_});
  EXPECT_EQ(rsm().list(NTMS_PARTITION, logical_), std::vector<Id>{side_});
  EXPECT_EQ(side_info(side_).State, DWORD{NTMS_PARTSTATE_COMPLETE});
  EXPECT_EQ(Id(side_info(side_).LogicalMedia), logical_);
  expect_label();
  ASSERT_NO_FATAL_FAILURE(read_back());
  EXPECT_EQ(side_info(side_).dwMountCount, 2U) << "those of the application";

  // It is old enough: back to everybody, with the free label on it.
  ASSERT_EQ(DeallocateNtmsMedia(session(), logical_.get(), 0), ERROR_SUCCESS);
  EXPECT_FALSE(rsm().find(logical_, NTMS_LOGICAL_MEDIA));
  ASSERT_TRUE(wait_until([&] { return pool_of(cartridge_) == free_; })) << picture();
  EXPECT_TRUE(wait_for_idle(cartridge_));
  EXPECT_EQ(side_info(side_).State, DWORD{NTMS_PARTSTATE_AVAILABLE});
  EXPECT_NE(text(side_info(side_).szOmidLabelType), kSoftware);
  EXPECT_TRUE(agree_soon());
}

NTMS_ON_BOTH_ROBOTS(BackupApplication);

}  // namespace
}  // namespace ntms::conformance
