// SPDX-License-Identifier: MIT
#include "stepping/step.h"

#include <algorithm>
#include <chrono>
#include <future>

namespace ntms::stepping {

using conformance::Element;
using conformance::text;
using conformance::wait_until;

namespace {

bool has_ended(DWORD state) {
  return state != NTMS_LM_QUEUED && state != NTMS_LM_INPROCESS && state != NTMS_LM_WAITING;
}

}  // namespace

bool Step::all_ended() {
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
    const auto info = rsm().find(id, NTMS_LIBREQUEST);
    if (info && !has_ended(info->Info.LibRequest.State)) return false;
  }
  return true;
}

// One look of the operator at everything that may wait for him.
void Step::serve_once() {
  ntms_emulator* const robot = emulator().handle();
  const auto ports = elements(NTMS_IEPORT);
  for (std::uint32_t i = 0; i < ports.size(); ++i) {
    ntms_emulator_element_info info{};
    info.size = sizeof info;
    EXPECT_EQ(ntms_emulator_element(robot, NTMS_EMULATOR_PORT, i, &info), NTMS_EMULATOR_OK);
    // What he has brought in vain he takes back.
    if (info.full != 0 && takes_ && (info.import_export == 0 || !injecting_)) {
      (void)ntms_emulator_port_take(robot, i, nullptr);  // LOCKED until he may
    }
    const bool open = ports[i].Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED;
    if (info.full == 0 && open && !brings_.empty() &&
        ntms_emulator_port_put(robot, i, brings_.c_str()) == NTMS_EMULATOR_OK) {
      brings_.clear();
    }
  }
  if (opens_door_ && elements(NTMS_IEDOOR).at(0).Info.IEDoor.State == NTMS_DOORSTATE_OPEN &&
      ntms_emulator_door_open(robot, 0) == NTMS_EMULATOR_OK) {
    EXPECT_EQ(ntms_emulator_slot_swap(robot, 0, 1), NTMS_EMULATOR_OK);
    EXPECT_EQ(ntms_emulator_door_close(robot, 0), NTMS_EMULATOR_OK);
    opens_door_ = false;
  }
  for (const Id& id : rsm().list(NTMS_OPREQUEST)) {
    const auto info = rsm().find(id, NTMS_OPREQUEST);
    if (!info) continue;
    const auto& request = info->Info.OpRequest;
    const bool answered =
        request.State == NTMS_OPSTATE_COMPLETE || request.State == NTMS_OPSTATE_REFUSED;
    // What asks for the hands above is answered by them.
    if (answered || request.Request != NTMS_OPREQ_DEVICESERVICE) continue;
    (void)SatisfyNtmsOperatorRequest(session(), Id(id).get());
  }
}

bool Step::attend(const std::function<bool()>& done) {
  return wait_until(
      [&] {
        if (done()) return true;
        serve_once();
        return false;
      },
      std::chrono::minutes(1));
}

void Step::mark() {
  EXPECT_EQ(ntms_emulator_trace_last(emulator().handle(), &marked_), NTMS_EMULATOR_OK);
}

std::vector<TracedCommand> Step::trace() {
  std::uint64_t last = 0;
  EXPECT_EQ(ntms_emulator_trace_last(emulator().handle(), &last), NTMS_EMULATOR_OK);
  std::vector<TracedCommand> commands;
  for (std::uint64_t i = marked_ + 1; i <= last; ++i) {
    ntms_emulator_trace_entry entry{};
    entry.size = sizeof entry;
    if (ntms_emulator_trace(emulator().handle(), i, &entry) != NTMS_EMULATOR_OK) continue;
    commands.push_back({entry.lun, entry.cdb[0]});
  }
  return commands;
}

void Step::let_fail(const TracedCommand& command, unsigned nth, const Failure& failure) {
  failing_ = command;
  ntms_emulator_fault fault{};
  fault.size = sizeof fault;
  fault.lun = command.lun;
  fault.opcode = command.opcode;
  fault.nth = nth;
  fault.times = failure.times;
  fault.kind = failure.kind;
  fault.sense_key = failure.key;
  fault.asc = failure.asc;
  fault.ascq = failure.ascq;
  ASSERT_EQ(ntms_emulator_inject_fault(emulator().handle(), &fault), NTMS_EMULATOR_OK);
}

bool Step::fault_has_struck() {
  std::uint64_t last = 0;
  EXPECT_EQ(ntms_emulator_trace_last(emulator().handle(), &last), NTMS_EMULATOR_OK);
  for (std::uint64_t i = marked_ + 1; i <= last; ++i) {
    ntms_emulator_trace_entry entry{};
    entry.size = sizeof entry;
    if (ntms_emulator_trace(emulator().handle(), i, &entry) != NTMS_EMULATOR_OK) continue;
    const bool failed = entry.delivery != NTMS_EMULATOR_DELIVERED || entry.status != 0;
    if (failed && entry.lun == failing_.lun && entry.cdb[0] == failing_.opcode) return true;
  }
  return false;
}

::testing::AssertionResult Step::is_truthful() {
  const std::vector<Element> truth = robot().truth();
  const auto seen = [&](unsigned type, std::size_t index) {
    return *std::find_if(truth.begin(), truth.end(), [&](const Element& element) {
      return element.type == type && element.index == index;
    });
  };
  const auto wrong = [&](const std::string& what) {
    return ::testing::AssertionFailure() << what << picture();
  };
  // A library that is not READY claims nothing.
  if (library_info().dwOperationalState != NTMS_READY) return ::testing::AssertionSuccess();
  std::map<Id, Element> certain;
  const auto slots = elements(NTMS_STORAGESLOT);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const DWORD state = slots[i].Info.StorageSlot.State;
    if (state != NTMS_SLOTSTATE_FULL && state != NTMS_SLOTSTATE_EMPTY) continue;
    const Element element = seen(conformance::kSlot, i);
    if ((state == NTMS_SLOTSTATE_FULL) != element.full) {
      return wrong("slot " + std::to_string(i) + " is not as recorded");
    }
    certain[Id(slots[i].ObjectGuid)] = element;
  }
  const auto drives = elements(NTMS_DRIVE);
  for (std::size_t i = 0; i < drives.size(); ++i) {
    if (drives[i].dwOperationalState != NTMS_READY) continue;
    certain[Id(drives[i].ObjectGuid)] = seen(conformance::kDrive, i);
  }
  for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA, library())) {
    const auto info = rsm().find(id, NTMS_PHYSICAL_MEDIA);
    if (!info) continue;
    const auto place = certain.find(Id(info->Info.PhysicalMedia.Location));
    if (place == certain.end()) continue;
    const std::string bar_code = text(info->Info.PhysicalMedia.szBarCode);
    if (!place->second.full || place->second.bar_code != bar_code) {
      return wrong("medium " + bar_code + " is not where it is recorded");
    }
  }
  return ::testing::AssertionSuccess();
}

// A deferred dismount ends when its cartridge is at home.
bool Step::deferred_are_in_drives() {
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
    const auto request = rsm().request(id);
    if (request.State == DWORD{NTMS_LM_DEFERRED} &&
        media_info(request.PhysMediaId).LocationType != DWORD{NTMS_DRIVE}) {
      return false;
    }
  }
  return true;
}

void Step::expect_definite_ends() {
  EXPECT_TRUE(attend([&] { return all_ended() && deferred_are_in_drives(); }))
      << "a request does not end" << picture();
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
    const auto request = rsm().request(id);
    switch (request.State) {
      case NTMS_LM_PASSED:
      case NTMS_LM_DEFERRED:
        EXPECT_EQ(request.dwErrorCode, ERROR_SUCCESS) << picture();
        break;
      case NTMS_LM_FAILED:
      case NTMS_LM_INVALID:
      case NTMS_LM_CANCELLED:
      case NTMS_LM_STOPPED:
        EXPECT_NE(request.dwErrorCode, ERROR_SUCCESS) << picture();
        break;
      default:
        ADD_FAILURE() << "state " << request.State << picture();
    }
  }
  ::testing::AssertionResult truthful = ::testing::AssertionSuccess();
  EXPECT_TRUE(attend([&] { return static_cast<bool>(truthful = is_truthful()); }))
      << truthful.message();
}

void Step::expect_recovery() {
  ASSERT_EQ(ntms_emulator_clear_faults(emulator().handle()), NTMS_EMULATOR_OK);
  takes_ = true;
  for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA, library())) {
    // One that nobody has mounted is not dismounted: ERROR_INVALID_STATE.
    if (media_info(id).LocationType != NTMS_DRIVE) continue;
    for (unsigned number = 0; number < rsm().list(NTMS_PARTITION, id).size(); ++number) {
      (void)dismount_now(id, NTMS_DISMOUNT_IMMEDIATE, number);
    }
  }
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(attend([&] { return all_ended(); })) << "after the fault" << picture();
  ::testing::AssertionResult same = ::testing::AssertionSuccess();
  ASSERT_TRUE(attend([&] { return static_cast<bool>(same = agree()); })) << same.message();

  const Id other = medium(3);
  EXPECT_TRUE(eject_attended({other})) << "the next eject" << picture();
  EXPECT_TRUE(inject_attended("MED004L8")) << "the next inject" << picture();
  const Id back = medium_with("MED004L8");
  const auto [code, drive_id] = mount_attended(back);
  EXPECT_EQ(code, ERROR_SUCCESS) << "the next mount" << picture();
  if (code == ERROR_SUCCESS) {
    EXPECT_EQ(dismount_now(back, NTMS_DISMOUNT_IMMEDIATE), ERROR_SUCCESS) << picture();
  }
  EXPECT_TRUE(attend([&] { return all_ended(); })) << "the next operations" << picture();
  EXPECT_TRUE(attend([&] { return static_cast<bool>(same = agree()); })) << same.message();
  for (unsigned index = 0; index < elements(NTMS_STORAGESLOT).size(); ++index) {
    EXPECT_EQ(emulator().side_up(conformance::kSlot, index), 0U) << "slot " << index << picture();
  }
}

Step::Id Step::side_with_number(const Id& medium_id, unsigned number) {
  const auto sides = rsm().list(NTMS_PARTITION, medium_id);
  EXPECT_LT(number, sides.size());
  return number < sides.size() ? sides[number] : Id{};
}

std::pair<DWORD, Step::Id> Step::mount_attended(const Id& medium_id, unsigned side_number) {
  constexpr DWORD kLimit = 45'000;  // milliseconds
  Id side = side_with_number(medium_id, side_number);
  Id drive_id;
  auto call = std::async(std::launch::async, [&] {
    return MountNtmsMedia(session(), side.get(), drive_id.get(), 1, NTMS_MOUNT_READ,
                          NTMS_PRIORITY_NORMAL, kLimit, nullptr);
  });
  EXPECT_TRUE(attend([&] {
    return call.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  })) << "MountNtmsMedia does not return"
      << picture();
  return {call.get(), drive_id};
}

DWORD Step::dismount_now(const Id& medium_id, DWORD options, unsigned side_number) {
  Id side = side_with_number(medium_id, side_number);
  return DismountNtmsMedia(session(), side.get(), 1, options);
}

bool Step::eject_attended(const std::vector<Id>& media) {
  Id operation;
  for (const Id& id : media) operation = start_eject(id, NTMS_EJECT_QUEUE);
  std::vector<Id> requests;
  for (const Id& id : media) requests.push_back(unfinished_request_of(id));
  EXPECT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_START), ERROR_SUCCESS)
      << picture();
  const auto all_are = [&](const auto& condition) {
    return std::all_of(requests.begin(), requests.end(),
                       [&](const Id& id) { return condition(rsm().state(id)); });
  };
  return attend([&] { return all_are(has_ended); }) &&
         all_are([](DWORD state) { return state == NTMS_LM_PASSED; });
}

bool Step::inject_attended(const std::string& bar_code) {
  Id operation;
  EXPECT_EQ(InjectNtmsMedia(session(), library().get(), operation.get(), NTMS_INJECT_START),
            ERROR_SUCCESS)
      << picture();
  brings_ = bar_code;
  injecting_ = true;
  // Of a station with several elements nobody knows how many cartridges are still to come.
  bool stops = elements(NTMS_IEPORT).size() > 1;
  const bool ended = attend([&] {
    if (stops && brings_.empty()) {
      stops = false;
      (void)InjectNtmsMedia(session(), library().get(), operation.get(), NTMS_INJECT_STOP);
    }
    return has_ended(rsm().state(operation));
  });
  injecting_ = false;
  brings_.clear();
  const DWORD state = rsm().state(operation);
  return ended && (state == NTMS_LM_PASSED || state == NTMS_LM_STOPPED);
}

}  // namespace ntms::stepping
