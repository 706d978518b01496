// SPDX-License-Identifier: MIT
#include "operations/reconcile.h"

#include <gtest/gtest.h>

#include <memory>

#include "operations/configure.h"
#include "store/database.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::operations {
namespace {

using model::PhysicalMedium;
using scsi::ElementStatus;
using scsi::ElementType;

constexpr std::uint16_t kFirstSlot = 1024;
constexpr std::uint16_t kDrive = 256;
constexpr std::uint16_t kPort = 16;

// A library of four slots, a drive and a port, in the database and in an inventory.
class ReconcileTest : public ::testing::Test {
 protected:
  ReconcileTest() {
    database_ = *store::Database::open(directory_.path(),
                                       {.now = [this] { return ++now_; }, .after_commit = {}});
    write([&](store::Writer& writer) {
      create_fixed_objects(writer);
      library_.type = NTMS_LIBRARYTYPE_ONLINE;
      writer.insert(library_);
      model::MediaType type;
      type.code = 86;
      type.name = "LTO Ultrium";
      writer.insert(type);
      writer.execute("INSERT INTO library_media_type VALUES(?1,?2)", library_.id, type.id);
      model::MediaPool pool;
      pool.type = NTMS_POOLTYPE_IMPORT;
      pool.media_type = type.id;
      writer.insert(pool);
      for (std::uint32_t i = 0; i < 4; ++i) {
        slots_[i].library = library_.id;
        slots_[i].element_address = kFirstSlot + i;
        writer.insert(slots_[i]);
      }
      drive_.library = library_.id;
      drive_.element_address = kDrive;
      writer.insert(drive_);
      port_.library = library_.id;
      port_.element_address = kPort;
      writer.insert(port_);
    });
    inventory_.volume_tags = true;
    for (std::uint16_t i = 0; i < 4; ++i) {
      inventory_.slots.push_back(element(ElementType::storage, kFirstSlot + i));
    }
    inventory_.drives.push_back(element(ElementType::data_transfer, kDrive));
    inventory_.ports.push_back(element(ElementType::import_export, kPort));
    inventory_.transports.push_back(element(ElementType::transport, 1));
  }

  static ElementStatus element(ElementType type, int address) {
    ElementStatus status;
    status.type = type;
    status.address = static_cast<std::uint16_t>(address);
    status.access = true;
    return status;
  }

  static void fill(ElementStatus& status, const std::string& tag) {
    status.full = true;
    status.volume_tag = tag;
  }
  static void empty(ElementStatus& status) {
    status.full = false;
    status.volume_tag.clear();
  }

  void write(const std::function<void(store::Writer&)>& work) {
    const auto stored = database_->write([&](store::Writer& writer) -> Result<void> {
      work(writer);
      return {};
    });
    ASSERT_TRUE(stored) << stored.error().reason;
  }

  ReconcileSummary run(ReconcileOptions options = {}) {
    ReconcileSummary summary;
    write(
        [&](store::Writer& writer) { summary = reconcile(writer, library_, inventory_, options); });
    return summary;
  }

  PhysicalMedium by_bar_code(const std::string& bar_code) {
    auto found = *database_->read([&](store::Reader& reader) {
      return reader.first<PhysicalMedium>("t.bar_code=?1", bar_code);
    });
    return found.value_or(PhysicalMedium{});
  }

  std::size_t media() {
    return *database_->read(
        [](store::Reader& reader) { return reader.list<PhysicalMedium>("").size(); });
  }

  std::uint32_t slot_state(int index) {
    return database_
        ->read([&](store::Reader& reader) { return reader.find<model::Slot>(slots_[index].id); })
        .value()
        ->state;
  }

  Guid offline() {
    return database_
        ->read([](store::Reader& reader) {
          return reader.first<model::Library>("t.type=?1", NTMS_LIBRARYTYPE_OFFLINE);
        })
        .value()
        ->id;
  }

  platform::test::TemporaryDirectory directory_;
  model::Time now_ = 0;
  std::unique_ptr<store::Database> database_;
  model::Library library_;
  model::Slot slots_[4];
  model::Drive drive_;
  model::Port port_;
  device::Inventory inventory_;
};

TEST_F(ReconcileTest, RecordsWhatItFindsForTheFirstTime) {
  fill(inventory_.slots[1], "A");
  fill(inventory_.slots[2], "");
  const auto summary = run();
  EXPECT_EQ(summary.added, 2U);
  const PhysicalMedium known = by_bar_code("A");
  EXPECT_EQ(known.location, slots_[1].id);
  EXPECT_EQ(known.home_slot, slots_[1].id);
  EXPECT_EQ(known.name, "A");
  EXPECT_EQ(known.bar_code_state, std::uint32_t{NTMS_BARCODESTATE_OK});
  const PhysicalMedium nameless = by_bar_code("");
  EXPECT_EQ(nameless.bar_code_state, std::uint32_t{NTMS_BARCODESTATE_UNREADABLE});
  EXPECT_EQ(nameless.name, nameless.sequence_number);
  EXPECT_EQ(slot_state(0), std::uint32_t{NTMS_SLOTSTATE_EMPTY});
  EXPECT_EQ(slot_state(1), std::uint32_t{NTMS_SLOTSTATE_FULL});
}

TEST_F(ReconcileTest, ChangesNothingWhenNothingChanged) {
  fill(inventory_.slots[0], "A");
  fill(inventory_.slots[1], "");
  run();
  const auto changes = [&] {
    return *database_->read(
        [](store::Reader& reader) { return reader.number("SELECT count(*) FROM change"); });
  };
  const auto before = changes();
  const auto summary = run();
  EXPECT_EQ(summary.confirmed, 2U);
  EXPECT_FALSE(summary.anything());
  EXPECT_EQ(changes(), before);
}

TEST_F(ReconcileTest, FollowsTwoCartridgesThatWereSwapped) {
  fill(inventory_.slots[0], "A");
  fill(inventory_.slots[1], "B");
  run();
  const Guid a = by_bar_code("A").id;
  std::swap(inventory_.slots[0].volume_tag, inventory_.slots[1].volume_tag);
  const auto summary = run();
  EXPECT_EQ(summary.moved, 2U);
  EXPECT_EQ(media(), 2U);
  EXPECT_EQ(by_bar_code("A").id, a);
  EXPECT_EQ(by_bar_code("A").location, slots_[1].id);
  EXPECT_EQ(by_bar_code("B").location, slots_[0].id);
}

TEST_F(ReconcileTest, TakesTwoElementsWithOneBarCodeForTwoMedia) {
  fill(inventory_.slots[0], "A");
  run();
  const Guid first = by_bar_code("A").id;
  fill(inventory_.slots[3], "A");
  const auto summary = run();
  EXPECT_EQ(summary.added, 1U);
  EXPECT_EQ(summary.confirmed, 1U);
  EXPECT_EQ(media(), 2U);
  EXPECT_EQ(by_bar_code("A").id, first);
}

TEST_F(ReconcileTest, ForgetsImportMediaThatAreGone) {
  fill(inventory_.slots[0], "A");
  run();
  empty(inventory_.slots[0]);
  EXPECT_EQ(run().gone, 1U);
  EXPECT_EQ(media(), 0U);
  EXPECT_EQ(slot_state(0), std::uint32_t{NTMS_SLOTSTATE_EMPTY});
}

TEST_F(ReconcileTest, GivesAReturningCartridgeItsIdentityBack) {
  write([](store::Writer& writer) {
    auto computer = writer.first<model::Computer>("1");
    computer->media_pool_policy = NTMS_POOLPOLICY_KEEPOFFLINEIMPORT;
    writer.update(*computer);
  });
  fill(inventory_.slots[0], "A");
  run();
  const Guid id = by_bar_code("A").id;
  empty(inventory_.slots[0]);
  run();
  EXPECT_EQ(by_bar_code("A").library, offline());
  EXPECT_TRUE(by_bar_code("A").location.is_null());
  fill(inventory_.slots[2], "A");
  EXPECT_EQ(run().returned, 1U);
  EXPECT_EQ(media(), 1U);
  EXPECT_EQ(by_bar_code("A").id, id);
  EXPECT_EQ(by_bar_code("A").library, library_.id);
  EXPECT_EQ(by_bar_code("A").home_slot, slots_[2].id);
}

TEST_F(ReconcileTest, LeavesWhatTheReportDoesNotShow) {
  fill(inventory_.slots[0], "A");
  run();
  inventory_.slots.erase(inventory_.slots.begin());
  EXPECT_EQ(run().gone, 0U);
  EXPECT_EQ(by_bar_code("A").location, slots_[0].id);
}

TEST_F(ReconcileTest, TrustsAFullSlotWhoseTagCannotBeRead) {
  fill(inventory_.slots[0], "A");
  run();
  inventory_.slots[0].volume_tag.clear();
  EXPECT_EQ(run().confirmed, 1U);
  EXPECT_EQ(by_bar_code("A").location, slots_[0].id);
}

TEST_F(ReconcileTest, FindsACartridgeThatSomebodyLoadedIntoADrive) {
  fill(inventory_.slots[0], "A");
  run();
  empty(inventory_.slots[0]);
  fill(inventory_.drives[0], "A");
  inventory_.drives[0].source = kFirstSlot;
  ReconcileOptions options;
  options.drive_ready[kDrive] = true;
  EXPECT_EQ(run(options).moved, 1U);
  const PhysicalMedium medium = by_bar_code("A");
  EXPECT_EQ(medium.location, drive_.id);
  EXPECT_EQ(medium.location_type, std::uint32_t{NTMS_DRIVE});
  EXPECT_EQ(medium.media_state, std::uint32_t{NTMS_MEDIASTATE_LOADED});
  EXPECT_EQ(medium.home_slot, slots_[0].id);
  const auto drive =
      *database_->read([&](store::Reader& reader) { return reader.find<model::Drive>(drive_.id); });
  EXPECT_EQ(drive->state, std::uint32_t{NTMS_DRIVESTATE_LOADED});
  EXPECT_TRUE(drive->saved_side.is_null());
  // And back again.
  fill(inventory_.slots[0], "A");
  empty(inventory_.drives[0]);
  run();
  EXPECT_EQ(by_bar_code("A").media_state, std::uint32_t{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(by_bar_code("A").location, slots_[0].id);
}

TEST_F(ReconcileTest, ACartridgeThatMayBeInTheArmIsUnknownNotGone) {
  fill(inventory_.slots[0], "A");
  run();
  empty(inventory_.slots[0]);
  inventory_.transports[0].full = true;
  EXPECT_EQ(run().gone, 0U);
  EXPECT_EQ(by_bar_code("A").library, library_.id);
  EXPECT_TRUE(by_bar_code("A").location.is_null());
  // The arm puts it down.
  inventory_.transports[0].full = false;
  fill(inventory_.slots[3], "A");
  run();
  EXPECT_EQ(by_bar_code("A").location, slots_[3].id);
  EXPECT_EQ(media(), 1U);
}

TEST_F(ReconcileTest, DoesNotTouchMediaOfARunningRequest) {
  fill(inventory_.slots[0], "A");
  run();
  ReconcileOptions options;
  options.protected_media.insert(by_bar_code("A").id);
  empty(inventory_.slots[0]);
  EXPECT_EQ(run(options).gone, 0U);
  EXPECT_EQ(by_bar_code("A").location, slots_[0].id);
}

TEST_F(ReconcileTest, MakesNoSecondRecordOfACartridgeThatIsUnderWay) {
  fill(inventory_.slots[0], "A");
  run();
  ReconcileOptions options;
  options.protected_media.insert(by_bar_code("A").id);
  EXPECT_EQ(run(options).added, 0U);  // still where the move was to start
  empty(inventory_.slots[0]);
  fill(inventory_.slots[2], "A");
  EXPECT_EQ(run(options).added, 0U);  // or somewhere else
  EXPECT_EQ(media(), 1U);
}

TEST_F(ReconcileTest, SlotsOnlyLeavesDrivesAlone) {
  fill(inventory_.slots[0], "A");
  fill(inventory_.drives[0], "B");
  ReconcileOptions options;
  options.slots_only = true;
  EXPECT_EQ(run(options).added, 1U);
  EXPECT_TRUE(by_bar_code("B").id.is_null());
}

TEST_F(ReconcileTest, AnInaccessibleEmptySlotIsNotPresent) {
  inventory_.slots[3].access = false;
  run();
  EXPECT_EQ(slot_state(3), std::uint32_t{NTMS_SLOTSTATE_NOTPRESENT});
}

TEST_F(ReconcileTest, AChangerThatNeverSetsAccessHasAllItsSlots) {
  for (auto& slot : inventory_.slots) slot.access = false;
  run();
  EXPECT_EQ(slot_state(3), std::uint32_t{NTMS_SLOTSTATE_EMPTY});
}

TEST_F(ReconcileTest, RecordsThePortAndAnswersTheRequestToEmptyIt) {
  fill(inventory_.ports[0], "X");
  run();
  EXPECT_EQ(media(), 0U);  // what lies in the port has not been taken in
  write([&](store::Writer& writer) {
    model::OperatorRequest request;
    request.request = NTMS_OPREQ_DEVICESERVICE;
    request.arg1 = port_.id;
    request.by_system = true;
    writer.insert(request);
  });
  empty(inventory_.ports[0]);
  run();
  const auto request = *database_->read(
      [](store::Reader& reader) { return reader.first<model::OperatorRequest>("1"); });
  EXPECT_EQ(request->state, std::uint32_t{NTMS_OPSTATE_COMPLETE});
}

}  // namespace
}  // namespace ntms::operations
