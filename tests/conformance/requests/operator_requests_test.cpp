// SPDX-License-Identifier: MIT
// Submitting operator requests and answering them (contract: functions-session 3, 5 and 6).

#include <algorithm>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class OperatorRequest : public LibraryTest {
 protected:
  DWORD submit(DWORD request, const WCHAR* message, const Id* arg1, const Id* arg2, Id* id) {
    return SubmitNtmsOperatorRequestW(session(), request, message, pointer(arg1), pointer(arg2),
                                      id != nullptr ? id->get() : nullptr);
  }
  // Submits what must be accepted.
  Id submitted(DWORD request, const Id& arg1 = {}, const Id& arg2 = {},
               const WCHAR* message = NTMS_W("please")) {
    Id id;
    EXPECT_EQ(submit(request, message, arg1.is_null() ? nullptr : &arg1,
                     arg2.is_null() ? nullptr : &arg2, &id),
              ERROR_SUCCESS);
    EXPECT_FALSE(id.is_null());
    return id;
  }
  // Submits what must be refused, changes nothing and writes no identifier.
  void expect_refused(DWORD code, DWORD request, const Id* arg1, const Id* arg2,
                      const WCHAR* message = NTMS_W("please")) {
    const long long last = last_change();
    Id id = stranger();
    EXPECT_EQ(submit(request, message, arg1, arg2, &id), code) << "kind " << request;
    EXPECT_EQ(id, stranger());
    EXPECT_EQ(last_change(), last);
  }
  DWORD cancel(const Id& id) { return CancelNtmsOperatorRequest(session(), id.get()); }
  DWORD satisfy(const Id& id) { return SatisfyNtmsOperatorRequest(session(), id.get()); }
  NTMS_OPREQUESTINFORMATIONW info(const Id& id) {
    return rsm().get(id, NTMS_OPREQUEST).Info.OpRequest;
  }
  DWORD media_state(unsigned index) { return media_info(medium(index)).MediaState; }
  Id pool() { return media_info(medium(0)).MediaPool; }
  Id computer() { return rsm().list(NTMS_COMPUTER).at(0); }

 private:
  static LPNTMS_GUID pointer(const Id* id) { return id != nullptr ? id->get() : nullptr; }
};

TEST_F(OperatorRequest, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(submit(NTMS_OPREQ_MESSAGE, NTMS_W("text"), nullptr, nullptr, nullptr),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(
      SubmitNtmsOperatorRequestA(session(), NTMS_OPREQ_MESSAGE, "text", nullptr, nullptr, nullptr),
      ERROR_INVALID_PARAMETER);
  EXPECT_EQ(CancelNtmsOperatorRequest(session(), nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SatisfyNtmsOperatorRequest(session(), nullptr), ERROR_INVALID_PARAMETER);
}

TEST_F(OperatorRequest, UnknownKinds) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id target = library();
  for (const DWORD kind : {DWORD{NTMS_OPREQ_UNKNOWN}, DWORD{6}, DWORD{7}, DWORD{0xFFFFFFFF}}) {
    expect_refused(ERROR_INVALID_PARAMETER, kind, &target, &target);
  }
}

TEST_F(OperatorRequest, MissingArguments) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD kind :
       {NTMS_OPREQ_NEWMEDIA, NTMS_OPREQ_CLEANER, NTMS_OPREQ_DEVICESERVICE, NTMS_OPREQ_MOVEMEDIA}) {
    expect_refused(ERROR_INVALID_PARAMETER, kind, nullptr, nullptr);
  }
  const Id m = medium(0);
  expect_refused(ERROR_INVALID_PARAMETER, NTMS_OPREQ_MOVEMEDIA, &m, nullptr);
  expect_refused(ERROR_INVALID_PARAMETER, NTMS_OPREQ_MESSAGE, nullptr, nullptr, nullptr);
}

TEST_F(OperatorRequest, UnknownObjects) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id unknown = stranger();
  const Id null;
  const Id target = library();
  for (const DWORD kind :
       {NTMS_OPREQ_NEWMEDIA, NTMS_OPREQ_CLEANER, NTMS_OPREQ_DEVICESERVICE, NTMS_OPREQ_MOVEMEDIA}) {
    expect_refused(ERROR_OBJECT_NOT_FOUND, kind, &unknown, &target);
    expect_refused(ERROR_OBJECT_NOT_FOUND, kind, &null, &target);
  }
  const Id m = medium(0);
  const Id p = pool();
  expect_refused(ERROR_OBJECT_NOT_FOUND, NTMS_OPREQ_MOVEMEDIA, &m, &unknown);
  expect_refused(ERROR_OBJECT_NOT_FOUND, NTMS_OPREQ_NEWMEDIA, &p, &unknown);
}

TEST_F(OperatorRequest, ObjectsOfTheWrongType) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id target = library();
  const Id m = medium(0);
  const Id p = pool();
  const Id d = drive(0).ObjectGuid;
  const Id s = slot(0).ObjectGuid;
  expect_refused(ERROR_OBJECT_NOT_FOUND, NTMS_OPREQ_NEWMEDIA, &target, nullptr);
  expect_refused(ERROR_OBJECT_NOT_FOUND, NTMS_OPREQ_NEWMEDIA, &p, &p);
  expect_refused(ERROR_OBJECT_NOT_FOUND, NTMS_OPREQ_CLEANER, &d, nullptr);
  expect_refused(ERROR_OBJECT_NOT_FOUND, NTMS_OPREQ_DEVICESERVICE, &p, nullptr);
  expect_refused(ERROR_OBJECT_NOT_FOUND, NTMS_OPREQ_DEVICESERVICE, &s, nullptr);
  expect_refused(ERROR_OBJECT_NOT_FOUND, NTMS_OPREQ_MOVEMEDIA, &s, &target);
  expect_refused(ERROR_OBJECT_NOT_FOUND, NTMS_OPREQ_MOVEMEDIA, &m, &d);
  EXPECT_EQ(media_state(0), DWORD{NTMS_MEDIASTATE_IDLE});
}

TEST_F(OperatorRequest, MessageTooLong) {
  ASSERT_NO_FATAL_FAILURE(start());
  const test::WideString most(255, u'x');
  const test::WideString more(256, u'x');
  const Id p = pool();
  expect_refused(ERROR_MESSAGE_EXCEEDS_MAX_SIZE, NTMS_OPREQ_NEWMEDIA, &p, nullptr, more.c_str());
  expect_refused(ERROR_MESSAGE_EXCEEDS_MAX_SIZE, NTMS_OPREQ_MESSAGE, nullptr, nullptr,
                 more.c_str());
  const Id id = submitted(NTMS_OPREQ_MESSAGE, {}, {}, most.c_str());
  EXPECT_EQ(text(info(id).szMessage), std::string(255, 'x'));
  Id narrow = stranger();
  EXPECT_EQ(SubmitNtmsOperatorRequestA(session(), NTMS_OPREQ_MESSAGE, std::string(256, 'x').c_str(),
                                       nullptr, nullptr, narrow.get()),
            ERROR_MESSAGE_EXCEEDS_MAX_SIZE);
  EXPECT_EQ(narrow, stranger());
}

#ifndef _WIN32  // there is no second user to become
TEST_F(OperatorRequest, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  const Id open_request = submitted(NTMS_OPREQ_MESSAGE);
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  const auto denied = [&](const std::string& command) {
    user->write_line(command);
    EXPECT_EQ(user->read_line(), command.substr(0, command.find(' ')) + " 5") << command;
  };
  const long long last = last_change();
  denied("submit 1 " + pool().hex());
  denied("submit 2 " + library().hex());
  denied("submit 3 " + library().hex());
  denied("submit 4 " + medium(0).hex() + " " + library().hex());
  denied("refuse " + open_request.hex());
  denied("satisfy " + open_request.hex());
  EXPECT_EQ(last_change(), last);
  user->write_line("submit 5");
  const std::string sent = user->read_line().value_or("");
  EXPECT_TRUE(sent.starts_with("submit 0 ")) << "everybody may send a message: " << sent;
  EXPECT_EQ(user->wait(), 0);
}
#endif

TEST_F(OperatorRequest, ShowsWhatWasSubmitted) {
  ASSERT_NO_FATAL_FAILURE(start());
  const long long last = last_change();
  const Id p = pool();
  const Id id = submitted(NTMS_OPREQ_NEWMEDIA, p, library(), NTMS_W("two new cartridges"));
  const std::vector<Change> expected{{NTMS_OBJ_INSERT, NTMS_OPREQUEST, id}};
  EXPECT_EQ(changes(last), expected) << describe(changes(last));
  const auto request = info(id);
  EXPECT_EQ(request.Request, DWORD{NTMS_OPREQ_NEWMEDIA});
  EXPECT_EQ(request.State, DWORD{NTMS_OPSTATE_SUBMITTED});
  EXPECT_NE(request.Submitted.wYear, 0);
  EXPECT_EQ(text(request.szMessage), "two new cartridges");
  EXPECT_EQ(request.Arg1Type, DWORD{NTMS_MEDIA_POOL});
  EXPECT_EQ(Id(request.Arg1), p);
  EXPECT_EQ(request.Arg2Type, DWORD{NTMS_LIBRARY});
  EXPECT_EQ(Id(request.Arg2), library());
  EXPECT_EQ(text(request.szApplication), "conformance");
  EXPECT_NE(text(request.szUser), "");
  EXPECT_NE(text(request.szComputer), "");
}

TEST_F(OperatorRequest, EveryKindOfObject) {
  ASSERT_NO_FATAL_FAILURE(start({.doors = 1}));
  const auto expect_argument = [&](DWORD kind, const Id& arg, DWORD type) {
    const auto request = info(submitted(kind, arg, {}, nullptr));
    EXPECT_EQ(request.Request, kind);
    EXPECT_EQ(request.Arg1Type, type);
    EXPECT_EQ(Id(request.Arg1), arg);
    EXPECT_EQ(request.Arg2Type, DWORD{NTMS_UNKNOWN});
    EXPECT_TRUE(Id(request.Arg2).is_null());
    EXPECT_EQ(text(request.szMessage), "");
  };
  expect_argument(NTMS_OPREQ_NEWMEDIA, pool(), NTMS_MEDIA_POOL);
  expect_argument(NTMS_OPREQ_CLEANER, library(), NTMS_LIBRARY);
  expect_argument(NTMS_OPREQ_CLEANER, slot(0).ObjectGuid, NTMS_STORAGESLOT);
  for (const DWORD type :
       {NTMS_IEDOOR, NTMS_LIBRARY, NTMS_PHYSICAL_MEDIA, NTMS_DRIVE, NTMS_CHANGER, NTMS_IEPORT}) {
    const auto found = rsm().list(type);
    ASSERT_FALSE(found.empty()) << type;
    expect_argument(NTMS_OPREQ_DEVICESERVICE, found.front(), type);
  }
}

// Arguments that the kind of request does not have are not looked at.
TEST_F(OperatorRequest, SuperfluousArgumentsAreIgnored) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto message = info(submitted(NTMS_OPREQ_MESSAGE, stranger(), stranger()));
  EXPECT_EQ(message.Arg1Type, DWORD{NTMS_UNKNOWN});
  EXPECT_TRUE(Id(message.Arg1).is_null());
  const auto service = info(submitted(NTMS_OPREQ_DEVICESERVICE, library(), stranger()));
  EXPECT_EQ(service.Arg2Type, DWORD{NTMS_UNKNOWN});
  EXPECT_TRUE(Id(service.Arg2).is_null());
}

// Texts that are not ASCII: code_page_test.cpp.
TEST_F(OperatorRequest, AnsiMessages) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id id;
  ASSERT_EQ(SubmitNtmsOperatorRequestA(session(), NTMS_OPREQ_MESSAGE, "please look", nullptr,
                                       nullptr, id.get()),
            ERROR_SUCCESS);
  EXPECT_EQ(text(info(id).szMessage), "please look");
}

TEST_F(OperatorRequest, Satisfied) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id id = submitted(NTMS_OPREQ_MESSAGE);
  const long long last = last_change();
  EXPECT_EQ(satisfy(id), ERROR_SUCCESS);
  EXPECT_EQ(info(id).State, DWORD{NTMS_OPSTATE_COMPLETE});
  const std::vector<Change> expected{{NTMS_OBJ_UPDATE, NTMS_OPREQUEST, id}};
  EXPECT_EQ(changes(last), expected) << describe(changes(last));
  EXPECT_EQ(satisfy(id), ERROR_OBJECT_NOT_FOUND) << "twice";
  EXPECT_EQ(cancel(id), ERROR_INVALID_STATE);
  EXPECT_EQ(changes(last), expected) << "the refused answers told nobody";
}

TEST_F(OperatorRequest, Refused) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id id = submitted(NTMS_OPREQ_DEVICESERVICE, library());
  const long long last = last_change();
  EXPECT_EQ(cancel(id), ERROR_SUCCESS);
  EXPECT_EQ(info(id).State, DWORD{NTMS_OPSTATE_REFUSED});
  const std::vector<Change> expected{{NTMS_OBJ_UPDATE, NTMS_OPREQUEST, id}};
  EXPECT_EQ(changes(last), expected) << describe(changes(last));
  EXPECT_EQ(cancel(id), ERROR_INVALID_STATE) << "twice";
  EXPECT_EQ(satisfy(id), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(changes(last), expected) << "the refused answers told nobody";
}

TEST_F(OperatorRequest, UnknownRequest) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {stranger(), Id{}, library()}) {
    EXPECT_EQ(cancel(id), ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(satisfy(id), ERROR_OBJECT_NOT_FOUND);
  }
}

TEST_F(OperatorRequest, MoveMediaHoldsAnIdleMedium) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(0);
  const long long last = last_change();
  const Id first = submitted(NTMS_OPREQ_MOVEMEDIA, m, offline_library());
  EXPECT_EQ(media_state(0), DWORD{NTMS_MEDIASTATE_OPREQ});
  const std::vector<Change> expected{{NTMS_OBJ_INSERT, NTMS_OPREQUEST, first},
                                     {NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, m}};
  EXPECT_EQ(changes(last), expected) << describe(changes(last));
  const Id second = submitted(NTMS_OPREQ_MOVEMEDIA, m, library());
  EXPECT_EQ(satisfy(first), ERROR_SUCCESS);
  EXPECT_EQ(media_state(0), DWORD{NTMS_MEDIASTATE_OPREQ}) << "the other is still open";
  EXPECT_EQ(cancel(second), ERROR_SUCCESS);
  EXPECT_EQ(media_state(0), DWORD{NTMS_MEDIASTATE_IDLE});
}

TEST_F(OperatorRequest, MoveMediaLeavesOtherStatesAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id id = submitted(NTMS_OPREQ_MOVEMEDIA, medium(0), offline_library());
  EXPECT_EQ(media_state(0), DWORD{NTMS_MEDIASTATE_INUSE});
  EXPECT_EQ(satisfy(id), ERROR_SUCCESS);
  EXPECT_EQ(media_state(0), DWORD{NTMS_MEDIASTATE_INUSE});
}

TEST_F(OperatorRequest, OtherKindsLeaveTheMediumAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  submitted(NTMS_OPREQ_DEVICESERVICE, medium(0));
  EXPECT_EQ(media_state(0), DWORD{NTMS_MEDIASTATE_IDLE});
}

TEST_F(OperatorRequest, OutlivesItsSession) {
  ASSERT_NO_FATAL_FAILURE(start());
  Rsm other = Rsm::open();
  Id id;
  ASSERT_EQ(SubmitNtmsOperatorRequestW(other.handle(), NTMS_OPREQ_MESSAGE, NTMS_W("stay"), nullptr,
                                       nullptr, id.get()),
            ERROR_SUCCESS);
  EXPECT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(info(id).State, DWORD{NTMS_OPSTATE_SUBMITTED});
  EXPECT_EQ(satisfy(id), ERROR_SUCCESS) << "by another session";
}

}  // namespace
}  // namespace ntms::conformance
