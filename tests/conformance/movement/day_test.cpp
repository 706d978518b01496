// SPDX-License-Identifier: MIT
// A day of an operator: all that a person does at a library between morning and evening, one thing
// after the other, and at the end everything agrees with the robot and nothing is lost or doubled.
// On the emulator the person is a scenario file, on tgt the test itself.
#include <algorithm>
#include <fstream>
#include <map>

#include "conformance/movement/day_operator.h"
#include "conformance/movement/movement_fixture.h"
#include "conformance/requests/blocked_calls.h"

#ifndef _WIN32
#include "conformance/tgt_backend.h"
#endif

namespace ntms::conformance {
namespace {

constexpr std::chrono::seconds kLimit{60};

std::string new_bar_code(unsigned number) {
  return std::string(number < 10 ? "NEW00" : "NEW0") + std::to_string(number) + "L8";
}

bool has_ended(DWORD state) {
  return state != NTMS_LM_QUEUED && state != NTMS_LM_INPROCESS && state != NTMS_LM_WAITING &&
         state != NTMS_LM_DEFERRED;
}

class Day : public MovementTest {
 protected:
  // What is there in the morning, and who listens from then on.
  void begin_day() {
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) earlier_.insert(id);
    requests_ = std::make_unique<Listener>(session(), NTMS_LIBREQUEST);
    operator_requests_ = std::make_unique<Listener>(session(), NTMS_OPREQUEST);
    media_changes_ = std::make_unique<Listener>(session(), NTMS_PHYSICAL_MEDIA);
    library_changes_ = std::make_unique<Listener>(session(), NTMS_LIBRARY);
    console_ = Rsm::open(NTMS_W("console"));
    ASSERT_TRUE(console_.is_open());
    for (unsigned index = 0; index < elements(NTMS_IEPORT).size(); ++index) {
      ASSERT_NO_FATAL_FAILURE(set_time_out(3600, index));
    }
  }

  // A request of the application to a person; the id.
  Id ask(DWORD kind, const WCHAR* words, const Id& arg1 = {}, const Id& arg2 = {}) {
    Id id;
    EXPECT_EQ(
        SubmitNtmsOperatorRequestW(session(), kind, words, arg1.is_null() ? nullptr : arg1.get(),
                                   arg2.is_null() ? nullptr : arg2.get(), id.get()),
        ERROR_SUCCESS);
    return id;
  }
  std::unique_ptr<BlockedCall> wait_for_answer(const Id& id) {
    return std::make_unique<BlockedCall>([session = session(), id] {
      return WaitForNtmsOperatorRequest(session, id.get(), 100'000);
    });
  }
  // The person at the console answers.
  void satisfy(const Id& id) {
    EXPECT_EQ(SatisfyNtmsOperatorRequest(console_.handle(), id.get()), ERROR_SUCCESS);
  }
  void refuse(const Id& id) {
    EXPECT_EQ(CancelNtmsOperatorRequest(console_.handle(), id.get()), ERROR_SUCCESS);
  }

  Id import_pool() {
    const Id pool = media_info(medium(0)).MediaPool;
    EXPECT_FALSE(pool.is_null());
    return pool;
  }
  // The newest unfinished request of an operation.
  Id unfinished(DWORD operation) {
    Id found;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST, library())) {
      const auto request = rsm().request(id);
      if (request.OperationCode == operation && !has_ended(request.State)) found = id;
    }
    EXPECT_FALSE(found.is_null()) << operation << picture();
    return found;
  }
  bool known(unsigned first, unsigned last) {
    for (unsigned number = first; number <= last; ++number) {
      if (medium_with(new_bar_code(number)).is_null()) return false;
    }
    return true;
  }
  bool ends_as(const Id& request, DWORD state) {
    return wait_until([&] { return has_ended(rsm().state(request)); }, kLimit) &&
           wait_for_state(request, state);
  }

  // The ten of the morning. `put` puts new cartridges in, from the first to the last of them, and
  // returns when they are in the port.
  void inject_ten(const std::function<bool(unsigned first, unsigned last)>& put,
                  const std::function<void()>& when_open) {
    const Id wanted =
        ask(NTMS_OPREQ_NEWMEDIA, NTMS_W("two new cartridges"), import_pool(), library());
    const auto answer = wait_for_answer(wanted);
    Id operation = start_inject();
    ASSERT_TRUE(wait_for_open_port()) << picture();
    when_open();
    ASSERT_TRUE(put(1, 2));
    satisfy(wanted);
    ASSERT_EQ(answer->code(), ERROR_SUCCESS);
    ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
    ASSERT_TRUE(ends_as(operation, NTMS_LM_STOPPED));
    ASSERT_TRUE(known(1, 2)) << picture();

    operation = start_inject(NTMS_INJECT_STARTMANY);
    ASSERT_TRUE(wait_for_open_port());
    ASSERT_TRUE(put(3, 6));
    ASSERT_EQ(inject(NTMS_INJECT_RETRACT, &operation), ERROR_SUCCESS);
    ASSERT_TRUE(wait_until([&] { return known(3, 6); }, kLimit)) << picture();
    ASSERT_TRUE(wait_for_open_port()) << "for the next four";
    ASSERT_TRUE(put(7, 10));
    ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
    ASSERT_TRUE(ends_as(operation, NTMS_LM_STOPPED));
    ASSERT_TRUE(known(7, 10)) << picture();
  }

  void ask_in_vain() {
    const Id wanted = ask(NTMS_OPREQ_MESSAGE, NTMS_W("please bring the tapes of last year"));
    const auto answer = wait_for_answer(wanted);
    refuse(wanted);
    EXPECT_EQ(answer->code(), ERROR_CANCELLED);
  }

  // A batch of several, moved out and waiting in the open port; their requests.
  std::vector<Id> eject_batch(const std::vector<Id>& media) {
    for (std::size_t i = 0; i + 1 < media.size(); ++i) {
      EXPECT_EQ(rsm().eject(media[i], NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
    }
    start_eject(media.back());
    std::vector<Id> requests;
    for (const Id& id : media) requests.push_back(unfinished_request_of(id));
    return requests;
  }

  void access_door() {
    EXPECT_EQ(AccessNtmsLibraryDoor(session(), library().get(), NTMS_INVENTORY_FAST),
              ERROR_SUCCESS);
  }

  // What each thing is said to have been through, in the order in which it was said.
  static std::map<Id, std::vector<DWORD>> by_object(Listener& listener) {
    std::map<Id, std::vector<DWORD>> result;
    for (const Notice& notice : listener.heard()) {
      result[notice.object].push_back(notice.operation);
    }
    return result;
  }

  // Every library request of the day has ended, and the channels have told so once.
  void expect_ended_requests() {
    std::set<Id> of_the_day;
    unsigned told_by_library = 0;
    const auto told = by_object(*requests_);
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      if (earlier_.contains(id)) continue;
      of_the_day.insert(id);
      const auto request = rsm().request(id);
      EXPECT_TRUE(has_ended(request.State)) << id.hex() << picture();
      const bool by_library =
          request.OperationCode == NTMS_LM_INVENTORY || request.OperationCode == NTMS_LM_DOORACCESS;
      told_by_library += by_library ? 1 : 0;
      const auto found = told.find(id);
      ASSERT_NE(found, told.end()) << "nobody told of " << id.hex() << picture();
      const std::vector<DWORD>& story = found->second;
      EXPECT_EQ(story.front(), DWORD{NTMS_OBJ_INSERT}) << id.hex();
      EXPECT_EQ(std::count(story.begin(), story.end(), DWORD{NTMS_OBJ_INSERT}), 1);
      EXPECT_GE(std::count(story.begin(), story.end(), DWORD{NTMS_OBJ_UPDATE}), 1);
      EXPECT_EQ(std::count(story.begin(), story.end(), DWORD{NTMS_OBJ_DELETE}), 0);
      EXPECT_EQ(std::count(story.begin(), story.end(), DWORD{NTMS_EVENT_COMPLETE}),
                by_library ? 0 : 1);
      EXPECT_EQ(story.back(), DWORD{by_library ? NTMS_OBJ_UPDATE : NTMS_EVENT_COMPLETE});
    }
    for (const auto& [id, story] : told) {
      EXPECT_TRUE(of_the_day.contains(id)) << "told of " << id.hex() << ", which is not there";
    }
    const auto of_library = by_object(*library_changes_)[library()];
    EXPECT_EQ(std::count(of_library.begin(), of_library.end(), DWORD{NTMS_EVENT_COMPLETE}),
              told_by_library);
  }

  // The requests to a person: one answered, one refused, and those of the server, which are done.
  void expect_answered_requests() {
    const auto told = by_object(*operator_requests_);
    const auto ids = rsm().list(NTMS_OPREQUEST);
    EXPECT_EQ(told.size(), ids.size());
    std::map<std::pair<DWORD, DWORD>, unsigned> count;
    for (const Id& id : ids) {
      const auto request = rsm().get(id, NTMS_OPREQUEST).Info.OpRequest;
      ++count[{request.Request, request.State}];
      const auto found = told.find(id);
      ASSERT_NE(found, told.end()) << id.hex();
      EXPECT_EQ(found->second, (std::vector<DWORD>{NTMS_OBJ_INSERT, NTMS_OBJ_UPDATE}))
          << text(request.szMessage);
    }
    const std::map<std::pair<DWORD, DWORD>, unsigned> expected{
        {{NTMS_OPREQ_NEWMEDIA, NTMS_OPSTATE_COMPLETE}, 1},
        {{NTMS_OPREQ_DEVICESERVICE, NTMS_OPSTATE_COMPLETE}, 1},
        {{NTMS_OPREQ_MESSAGE, NTMS_OPSTATE_REFUSED}, 1}};
    EXPECT_EQ(count, expected);
  }

  // Nothing is lost or doubled: these bar codes are in the library, each once, and have been told
  // of as often as they came and went.
  void expect_media(const std::set<std::string>& bar_codes, unsigned came, unsigned went) {
    std::multiset<std::string> recorded;
    for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA)) {
      recorded.insert(text(media_info(id).szBarCode));
    }
    EXPECT_EQ(recorded, (std::multiset<std::string>(bar_codes.begin(), bar_codes.end())));
    std::multiset<std::string> there;
    for (const Element& element : robot().truth()) {
      if (element.full) there.insert(element.bar_code);
    }
    EXPECT_EQ(there, recorded);
    EXPECT_TRUE(agree_soon());
    std::map<DWORD, unsigned> count;
    for (const auto& [id, story] : by_object(*media_changes_)) {
      for (const DWORD operation : story) ++count[operation];
    }
    EXPECT_EQ(count[NTMS_OBJ_INSERT], came);
    EXPECT_EQ(count[NTMS_OBJ_DELETE], went);
  }

 private:
  std::set<Id> earlier_;
  Rsm console_;
  std::unique_ptr<Listener> requests_;
  std::unique_ptr<Listener> operator_requests_;
  std::unique_ptr<Listener> media_changes_;
  std::unique_ptr<Listener> library_changes_;
};

class DayOfAnOperator : public Day {};

TEST_F(DayOfAnOperator, OnTheEmulator) {
  const auto file = directory() / "library.emu";
  const std::string scenario =
      text_of(std::filesystem::path(NTMS_SCENARIOS) / "day_of_an_operator.scenario");
  std::array<char, 256> error{};
  ASSERT_EQ(ntms_emulator_scenario_create(file.string().c_str(), scenario.c_str(), error.data(),
                                          error.size()),
            NTMS_EMULATOR_OK)
      << error.data();
  use(std::make_unique<EmulatorBackend>(file));
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NO_FATAL_FAILURE(begin_day());
  Operator person(file, scenario, {"door 0 close", "link up"});

  // Ten new cartridges.
  const auto put = [&](unsigned /*first*/, unsigned last) {
    return person.has_done("put " + new_bar_code(last));
  };
  ASSERT_NO_FATAL_FAILURE(inject_ten(put, [&] { person.begin(); }));
  ask_in_vain();

  // The door: four swapped by hand, and it stays open for too long.
  ASSERT_TRUE(person.has_done("at +3h "));
  access_door();
  const Id door = unfinished(NTMS_LM_DOORACCESS);
  ASSERT_TRUE(person.has_done("slots 1 4 swap"));
  ASSERT_TRUE(wait_until([&] { return service_requests().size() == 1; }, kLimit)) << picture();
  EXPECT_EQ(service_requests()[0].Arg1Type, DWORD{NTMS_IEDOOR});
  person.release("door 0 close");
  ASSERT_TRUE(ends_as(door, NTMS_LM_PASSED));
  EXPECT_TRUE(service_requests().empty()) << "the server has seen that it is closed";
  EXPECT_TRUE(is_in_slot(medium(1), 4));
  EXPECT_TRUE(is_in_slot(medium(4), 1));
  EXPECT_TRUE(is_in_slot(medium(0), 3));
  EXPECT_TRUE(is_in_slot(medium(3), 0));
  EXPECT_TRUE(is_in_slot(medium(2), 2));
  EXPECT_TRUE(is_in_slot(medium(5), 5));

  // Four leave through the four elements of the port.
  ASSERT_TRUE(person.has_done("at +6h "));
  const auto ejects =
      eject_batch({medium(0), medium(5), medium_with("NEW001L8"), medium_with("NEW010L8")});
  ASSERT_TRUE(person.has_done("port 4 take")) << picture();
  for (const Id& request : ejects) EXPECT_TRUE(ends_as(request, NTMS_LM_PASSED));

  // The link: nobody notices before something is wanted of the library.
  ASSERT_TRUE(person.has_done("link down"));
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().dwOperationalState == NTMS_NOT_PRESENT; }))
      << picture();
  Id none;
  EXPECT_EQ(inject(NTMS_INJECT_START, &none), ERROR_LIBRARY_OFFLINE);
  person.release("link up");
  ASSERT_TRUE(wait_until([&] { return library_ready(library()); }, kLimit)) << picture();

  // One comes back.
  Id inject_one = start_inject();
  ASSERT_TRUE(person.has_done("port 3 put MED001L8"));
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &inject_one), ERROR_SUCCESS);
  ASSERT_TRUE(ends_as(inject_one, NTMS_LM_STOPPED));
  ASSERT_NO_FATAL_FAILURE(person.end());

  expect_media({"MED001L8", "MED002L8", "MED003L8", "MED004L8", "MED005L8", "NEW002L8", "NEW003L8",
                "NEW004L8", "NEW005L8", "NEW006L8", "NEW007L8", "NEW008L8", "NEW009L8"},
               11, 4);
  expect_ended_requests();
  expect_answered_requests();
}

#ifndef _WIN32
// The same as far as it can be done without doors and at a link that comes back by itself.
TEST_F(DayOfAnOperator, OnTgt) {
  ASSERT_NO_FATAL_FAILURE(create({.slots = 20, .ports = 4, .media = 6}, Robot::tgt));
  std::ofstream(data() / "ntms.conf") << "device " << robot().uri() << " doors=1\n";
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NO_FATAL_FAILURE(begin_day());
  test::TgtTarget& target = dynamic_cast<TgtBackend&>(robot()).target();

  // Ten new cartridges.
  const auto put = [&](unsigned first, unsigned last) {
    for (unsigned number = first; number <= last; ++number) {
      robot().put(number - first, new_bar_code(number));
    }
    return true;
  };
  ASSERT_NO_FATAL_FAILURE(inject_ten(put, [] {}));
  ask_in_vain();

  // Two swapped. The robot says nothing about its door, so the operator says that it is closed.
  Info door = elements(NTMS_IEDOOR).at(0);
  door.dwSize = sizeof door;
  door.Info.IEDoor.MaxOpenSecs = 0;
  ASSERT_EQ(rsm().set(door), ERROR_SUCCESS);
  access_door();
  const Id access = unfinished(NTMS_LM_DOORACCESS);
  ASSERT_TRUE(wait_until([&] { return service_requests().size() == 1; })) << picture();
  ASSERT_TRUE(robot().foreign_move(kSlot, 1, kSlot, 19));
  ASSERT_TRUE(robot().foreign_move(kSlot, 4, kSlot, 1));
  ASSERT_TRUE(robot().foreign_move(kSlot, 19, kSlot, 4));
  Id close;
  for (const Id& id : rsm().list(NTMS_OPREQUEST)) {
    if (rsm().get(id).Info.OpRequest.Request == NTMS_OPREQ_DEVICESERVICE) close = id;
  }
  EXPECT_EQ(rsm().state(access), DWORD{NTMS_LM_INPROCESS});
  satisfy(close);
  ASSERT_TRUE(ends_as(access, NTMS_LM_PASSED));
  EXPECT_TRUE(is_in_slot(medium(1), 4));
  EXPECT_TRUE(is_in_slot(medium(4), 1));

  // Two more, by another program this time, and an inventory that is asked for.
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kSlot, 19));
  ASSERT_TRUE(robot().foreign_move(kSlot, 3, kSlot, 0));
  ASSERT_TRUE(robot().foreign_move(kSlot, 19, kSlot, 3));
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(0), 3) && is_in_slot(medium(3), 0); }))
      << picture();

  // Four leave, and the connection breaks before they are taken.
  const std::vector<Id> leaving{medium(0), medium(5), medium_with("NEW001L8"),
                                medium_with("NEW010L8")};
  const auto ejects = eject_batch(leaving);
  for (const Id& id : leaving) ASSERT_TRUE(wait_for_extended(id));
  target.drop_connections();
  for (unsigned index = 0; index < 4; ++index) robot().take(index);
  for (const Id& request : ejects) EXPECT_TRUE(ends_as(request, NTMS_LM_PASSED));

  // Again, while nothing is under way.
  target.drop_connections();
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  const auto ready = [&] {
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      if (!has_ended(rsm().state(id))) return false;
    }
    return library_ready(library());
  };
  ASSERT_TRUE(wait_until(ready, kLimit)) << picture();

  // One comes back.
  Id inject_one = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  const std::string returning = test::TgtTarget::barcode(0);
  robot().put(2, returning);
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &inject_one), ERROR_SUCCESS);
  ASSERT_TRUE(ends_as(inject_one, NTMS_LM_STOPPED));

  std::set<std::string> expected;
  for (unsigned index = 0; index < 5; ++index) expected.insert(test::TgtTarget::barcode(index));
  for (unsigned number = 2; number <= 9; ++number) expected.insert(new_bar_code(number));
  expect_media(expected, 11, 4);
  expect_ended_requests();
  expect_answered_requests();
}
#endif

}  // namespace
}  // namespace ntms::conformance
