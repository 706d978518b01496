// SPDX-License-Identifier: MIT
// Memory that runs out and a disk that fails under injects, doors, cleaners and drives: the
// documented code, nothing changed, and everything works again afterwards
// (contract: functions-library-control 0.1).
#include "conformance/resources_fixture.h"

namespace ntms::conformance {
namespace {

class MovementResources : public ResourcesTest {
 protected:
  // A library in which every one of the calls can succeed.
  void start_ready() {
    create({.ports = 1, .doors = 1});
    ASSERT_TRUE(robot().foreign_move(kSlot, 7, kDrive, 0));
    open();
    drive_ = Id(drive(0).ObjectGuid);
    slot_ = Id(slot(11).ObjectGuid);
    library_id_ = library();
    // The door is open, so that nothing is carried out before the next step.
    ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  }
  struct Step {
    const char* name;
    std::function<DWORD()> call;
  };
  std::vector<Step> steps() {
    return {
        {"DismountNtmsDrive", [this] { return DismountNtmsDrive(session(), drive_.get()); }},
        {"InjectNtmsMedia",
         [this] {
           return InjectNtmsMedia(session(), library_id_.get(), operation_.get(),
                                  NTMS_INJECT_START);
         }},
        {"AccessNtmsLibraryDoor",
         [this] {
           return AccessNtmsLibraryDoor(session(), library_id_.get(), NTMS_INVENTORY_FAST);
         }},
    };
  }
  std::vector<Step> cleaner_steps() {
    return {
        {"InjectNtmsCleaner",
         [this] {
           return InjectNtmsCleaner(session(), library_id_.get(), operation_.get(), 5,
                                    NTMS_INJECT_START);
         }},
        {"ReleaseNtmsCleanerSlot",
         [this] { return ReleaseNtmsCleanerSlot(session(), library_id_.get()); }},
    };
  }
  DWORD reserve() { return ReserveNtmsCleanerSlot(session(), library_id_.get(), slot_.get()); }
  DWORD eject_cleaner() {
    return EjectNtmsCleaner(session(), library_id_.get(), operation_.get(), NTMS_EJECT_START);
  }
  bool is_reserved() { return !Id(library_info().Info.Library.CleanerSlot).is_null(); }
  // A cartridge in the cleaner slot, as far as the database goes.
  void pretend_a_cleaner() {
    sql("UPDATE physical_medium SET location=(SELECT guid FROM slot WHERE number=12) WHERE "
        "bar_code='" +
        robot().bar_code(1) + "'");
  }

  Id drive_;
  Id slot_;
  Id library_id_;
};

TEST_F(MovementResources, WithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_ready());
  for (const Step& step : steps()) {
    operation_ = untouched_;
    ASSERT_NO_FATAL_FAILURE(step_memory(step.call)) << step.name;
  }
}

TEST_F(MovementResources, CleanersWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_ready());
  ASSERT_NO_FATAL_FAILURE(step_memory([this] { return reserve(); }));
  ASSERT_TRUE(wait_until([&] { return is_reserved(); }));
  for (const Step& step : cleaner_steps()) {
    operation_ = untouched_;
    ASSERT_NO_FATAL_FAILURE(step_memory(step.call)) << step.name;
  }
}

TEST_F(MovementResources, CleanerEjectWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_ready());
  ASSERT_EQ(reserve(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_reserved(); }));
  pretend_a_cleaner();
  step_memory([this] { return eject_cleaner(); });
}

TEST_F(MovementResources, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_ready());
  for (const Step& step : steps()) {
    operation_ = untouched_;
    expect_disk_failures(step.call);
    EXPECT_FALSE(HasFailure()) << step.name;
  }
}

TEST_F(MovementResources, CleanersWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_ready());
  expect_disk_failures([this] { return reserve(); });
  ASSERT_TRUE(wait_until([&] { return is_reserved(); }));
  for (const Step& step : cleaner_steps()) {
    operation_ = untouched_;
    expect_disk_failures(step.call);
    EXPECT_FALSE(HasFailure()) << step.name;
  }
}

TEST_F(MovementResources, CleanerEjectWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_ready());
  ASSERT_EQ(reserve(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_reserved(); }));
  pretend_a_cleaner();
  operation_ = untouched_;
  expect_disk_failures([this] { return eject_cleaner(); });
}

// The label that an application has written, on a medium that it has allocated.
class LabelResources : public ResourcesTest {
 protected:
  void start_allocated() {
    start({.ports = 1});
    sql("UPDATE side SET state=8");  // NTMS_PARTSTATE_IMPORT
    Id pool;
    Id type(media_info(medium(0)).MediaType);
    Id side = side_of(medium(0));
    ASSERT_EQ(CreateNtmsMediaPoolW(session(), NTMS_W("\\App"), type.get(), NTMS_CREATE_NEW, nullptr,
                                   pool.get()),
              ERROR_SUCCESS);
    ASSERT_EQ(AllocateNtmsMedia(session(), pool.get(), side.get(), logical_.get(), 0, 0, nullptr),
              ERROR_SUCCESS);
    label_.replace(0, 10, "VOL1LAB001");
  }
  DWORD update() {
    return UpdateNtmsOmidInfo(session(), logical_.get(), NTMS_OMID_TYPE_RAW_LABEL,
                              static_cast<DWORD>(label_.size()), label_.data());
  }

 private:
  Id logical_;
  std::string label_ = std::string(80, ' ');
};

TEST_F(LabelResources, WithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_allocated());
  step_memory([this] { return update(); });
}

TEST_F(LabelResources, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_allocated());
  expect_disk_failures([this] { return update(); });
}

}  // namespace
}  // namespace ntms::conformance
