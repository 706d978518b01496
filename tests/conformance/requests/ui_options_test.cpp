// SPDX-License-Identifier: MIT
// Destinations of user interface messages (contract: functions-session 12 and 13).

#include <array>
#include <string>
#include <vector>

#include "conformance/library_fixture.h"
#include "conformance/requests/channel.h"

namespace ntms::conformance {
namespace {

using Names = std::vector<std::string>;

class UiOptions : public DataDirectoryTest {
 protected:
  HANDLE session() { return rsm_.handle(); }
  Id computer() { return rsm_.list(NTMS_COMPUTER).at(0); }
  Id library() { return rsm_.list(NTMS_LIBRARY).at(0); }

  static LPNTMS_GUID pointer(const Id& id) { return id.is_null() ? nullptr : id.get(); }

  // The null id stands for the session itself.
  DWORD set(const Id& object, DWORD type, DWORD operation, const std::string& name) {
    return SetNtmsUIOptionsA(session(), pointer(object), type, operation, name.c_str());
  }
  DWORD add(const Id& object, const std::string& name, DWORD type = NTMS_UITYPE_REQ) {
    return set(object, type, NTMS_UIDEST_ADD, name);
  }
  DWORD remove(const Id& object, const std::string& name, DWORD type = NTMS_UITYPE_REQ) {
    return set(object, type, NTMS_UIDEST_DELETE, name);
  }
  DWORD remove_all(const Id& object, DWORD type = NTMS_UITYPE_REQ) {
    return SetNtmsUIOptionsW(session(), pointer(object), type, NTMS_UIDEST_DELETEALL, nullptr);
  }
  Names names(const Id& object, DWORD type = NTMS_UITYPE_REQ) {
    return names_of(session(), object, type);
  }
  static Names names_of(HANDLE session, const Id& object, DWORD type = NTMS_UITYPE_REQ) {
    std::array<WCHAR, 1024> list{};
    list.fill(u'#');
    DWORD size = list.size();
    EXPECT_EQ(GetNtmsUIOptionsW(session, pointer(object), type, list.data(), &size), ERROR_SUCCESS);
    Names found;
    std::size_t at = 0;
    while (list[at] != 0) {
      found.push_back(text(&list[at]));
      while (list[at] != 0) ++at;
      ++at;
    }
    if (found.empty()) {
      EXPECT_EQ(size, 0U);
      EXPECT_EQ(list[1], 0);
      EXPECT_EQ(list[2], u'#');
    } else {
      EXPECT_EQ(size, at + 1) << "all terminators are counted";
      EXPECT_EQ(list[size], u'#') << "written behind the end";
    }
    return found;
  }
  // The instances that have lists.
  std::vector<Id> instances() { return {computer(), library(), Id{}}; }

  Rsm rsm_ = Rsm::open();
};

TEST_F(UiOptions, MissingPointers) {
  WCHAR wide[8] = {};
  char narrow[8] = {};
  DWORD size = 8;
  for (const Id& object : instances()) {
    LPNTMS_GUID id = pointer(object);
    EXPECT_EQ(GetNtmsUIOptionsW(session(), id, NTMS_UITYPE_REQ, wide, nullptr),
              ERROR_INVALID_PARAMETER);
    EXPECT_EQ(GetNtmsUIOptionsW(session(), id, NTMS_UITYPE_REQ, nullptr, &size),
              ERROR_INVALID_PARAMETER);
    EXPECT_EQ(GetNtmsUIOptionsA(session(), id, NTMS_UITYPE_REQ, narrow, nullptr),
              ERROR_INVALID_PARAMETER);
    EXPECT_EQ(GetNtmsUIOptionsA(session(), id, NTMS_UITYPE_REQ, nullptr, &size),
              ERROR_INVALID_PARAMETER);
    for (const DWORD operation : {NTMS_UIDEST_ADD, NTMS_UIDEST_DELETE}) {
      EXPECT_EQ(SetNtmsUIOptionsW(session(), id, NTMS_UITYPE_REQ, operation, nullptr),
                ERROR_INVALID_PARAMETER);
      EXPECT_EQ(SetNtmsUIOptionsA(session(), id, NTMS_UITYPE_REQ, operation, nullptr),
                ERROR_INVALID_PARAMETER);
    }
  }
  EXPECT_EQ(size, 8U);
}

TEST_F(UiOptions, UnknownTypes) {
  WCHAR list[8] = {};
  DWORD size = 8;
  for (const DWORD type : {0U, 4U, 0xFFFFFFFFU}) {
    for (const Id& object : instances()) {
      EXPECT_EQ(GetNtmsUIOptionsW(session(), pointer(object), type, list, &size),
                ERROR_INVALID_PARAMETER);
      EXPECT_EQ(add(object, "desk", type), ERROR_INVALID_PARAMETER);
      EXPECT_EQ(remove_all(object, type), ERROR_INVALID_PARAMETER);
    }
  }
  EXPECT_EQ(size, 8U);
}

TEST_F(UiOptions, UnknownOperations) {
  for (const DWORD operation : {0U, 4U, 0xFFFFFFFFU}) {
    for (const Id& object : instances()) {
      EXPECT_EQ(set(object, NTMS_UITYPE_REQ, operation, "desk"), ERROR_INVALID_PARAMETER);
    }
  }
}

TEST_F(UiOptions, UnknownObject) {
  WCHAR list[8] = {};
  DWORD size = 8;
  for (const Id& unknown : {stranger(), Id{}}) {
    EXPECT_EQ(GetNtmsUIOptionsW(session(), unknown.get(), NTMS_UITYPE_REQ, list, &size),
              ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(SetNtmsUIOptionsW(session(), unknown.get(), NTMS_UITYPE_REQ, NTMS_UIDEST_ADD,
                                NTMS_W("desk")),
              ERROR_OBJECT_NOT_FOUND);
  }
  EXPECT_EQ(size, 8U);
}

TEST_F(UiOptions, OtherObjects) {
  const Id other = submit_message(session());
  WCHAR list[8] = {};
  DWORD size = 8;
  EXPECT_EQ(GetNtmsUIOptionsW(session(), other.get(), NTMS_UITYPE_REQ, list, &size),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(add(other, "desk"), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(remove_all(other), ERROR_INVALID_PARAMETER);
}

#ifndef _WIN32  // there is no second user to become
TEST_F(UiOptions, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  for (const Id& object : {computer(), library()}) {
    user->write_line("destination 1 desk " + object.hex());
    EXPECT_EQ(user->read_line(), "destination 5");
    EXPECT_EQ(names(object), Names{});
  }
  user->write_line("destination 1 desk");
  EXPECT_EQ(user->read_line(), "destination 0") << "its own session is its own affair";
  EXPECT_EQ(user->wait(), 0);
}
#endif

TEST_F(UiOptions, EmptyLists) {
  for (const Id& object : instances()) {
    for (const DWORD type : {NTMS_UITYPE_INFO, NTMS_UITYPE_REQ, NTMS_UITYPE_ERR}) {
      EXPECT_EQ(names(object, type), Names{});
      WCHAR little = u'#';
      DWORD size = 1;
      EXPECT_EQ(GetNtmsUIOptionsW(session(), pointer(object), type, &little, &size), ERROR_SUCCESS);
      EXPECT_EQ(size, 0U);
      EXPECT_EQ(little, u'#') << "no room for two terminators";
    }
  }
}

TEST_F(UiOptions, AddedNamesAreListed) {
  for (const Id& object : instances()) {
    EXPECT_EQ(add(object, "window"), ERROR_SUCCESS);
    EXPECT_EQ(add(object, "\\\\Desk"), ERROR_SUCCESS);
    EXPECT_EQ(names(object), (Names{"Desk", "window"})) << "without the slashes";
    EXPECT_EQ(names(object, NTMS_UITYPE_INFO), Names{}) << "each kind has a list of its own";
    EXPECT_EQ(add(object, "info", NTMS_UITYPE_INFO), ERROR_SUCCESS);
    EXPECT_EQ(add(object, "err", NTMS_UITYPE_ERR), ERROR_SUCCESS);
    EXPECT_EQ(remove(object, "DESK"), ERROR_SUCCESS) << "in any case";
    EXPECT_EQ(names(object), (Names{"window"}));
    EXPECT_EQ(remove_all(object), ERROR_SUCCESS);
    EXPECT_EQ(names(object), Names{});
    EXPECT_EQ(remove_all(object), ERROR_SUCCESS) << "also when there is none";
    EXPECT_EQ(names(object, NTMS_UITYPE_INFO), (Names{"info"}));
    EXPECT_EQ(names(object, NTMS_UITYPE_ERR), (Names{"err"}));
  }
}

TEST_F(UiOptions, AlreadyListed) {
  for (const Id& object : instances()) {
    EXPECT_EQ(add(object, "desk"), ERROR_SUCCESS);
    for (const std::string name : {"desk", "DESK", "\\\\Desk"}) {
      EXPECT_EQ(add(object, name), ERROR_ALREADY_EXISTS) << name;
    }
    EXPECT_EQ(names(object), (Names{"desk"}));
  }
}

TEST_F(UiOptions, NotListed) {
  for (const Id& object : instances()) {
    EXPECT_EQ(remove(object, "desk"), ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(add(object, "desk"), ERROR_SUCCESS);
    EXPECT_EQ(remove(object, "desktop"), ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(names(object), (Names{"desk"}));
  }
}

TEST_F(UiOptions, EmptyNameIsThisComputer) {
  const std::string host = test::computer_name();
  for (const Id& object : instances()) {
    EXPECT_EQ(add(object, ""), ERROR_SUCCESS);
    EXPECT_EQ(names(object), (Names{host}));
    EXPECT_EQ(add(object, host), ERROR_ALREADY_EXISTS);
    EXPECT_EQ(remove(object, ""), ERROR_SUCCESS);
    EXPECT_EQ(add(object, "\\\\"), ERROR_INVALID_PARAMETER) << "names nothing";
    EXPECT_EQ(names(object), Names{});
  }
}

TEST_F(UiOptions, NamesTooLong) {
  const std::string most(63, 'n');
  for (const Id& object : instances()) {
    EXPECT_EQ(add(object, most + "n"), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(add(object, "\\\\" + most + "n"), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(remove(object, most + "n"), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(SetNtmsUIOptionsW(session(), pointer(object), NTMS_UITYPE_REQ, NTMS_UIDEST_ADD,
                                test::WideString(64, u'n').c_str()),
              ERROR_INVALID_PARAMETER);
    EXPECT_EQ(add(object, "\\\\" + most), ERROR_SUCCESS);
    EXPECT_EQ(names(object), (Names{most}));
  }
}

TEST_F(UiOptions, InsufficientBuffer) {
  for (const Id& object : instances()) {
    ASSERT_EQ(add(object, "desk"), ERROR_SUCCESS);
    ASSERT_EQ(SetNtmsUIOptionsW(session(), pointer(object), NTMS_UITYPE_REQ, NTMS_UIDEST_ADD,
                                NTMS_W("m\u00FChle")),
              ERROR_SUCCESS);
    // desk, muehle with one umlaut, each terminated, and one more NUL. The umlaut is one element,
    // and two bytes where the code page is UTF-8.
    for (const DWORD room : {0U, 1U, 11U}) {
      WCHAR wide[16] = {u'#'};
      DWORD size = room;
      EXPECT_EQ(GetNtmsUIOptionsW(session(), pointer(object), NTMS_UITYPE_REQ, wide, &size),
                ERROR_INSUFFICIENT_BUFFER);
      EXPECT_EQ(size, 12U);
      EXPECT_EQ(wide[0], u'#') << "an output was written";
    }
#ifdef _WIN32
    const std::string names("desk\0m\xFChle\0\0", 12);
#else
    const std::string names("desk\0m\xC3\xBChle\0\0", 13);
#endif
    char narrow[16] = {};
    DWORD size = 11;
    EXPECT_EQ(GetNtmsUIOptionsA(session(), pointer(object), NTMS_UITYPE_REQ, narrow, &size),
              ERROR_INSUFFICIENT_BUFFER);
    ASSERT_EQ(size, names.size());
    EXPECT_EQ(GetNtmsUIOptionsA(session(), pointer(object), NTMS_UITYPE_REQ, narrow, &size),
              ERROR_SUCCESS);
    EXPECT_EQ(size, names.size());
    EXPECT_EQ(std::string(narrow, names.size()), names);
  }
}

TEST_F(UiOptions, ListsOfObjectsPersistAndThoseOfSessionsDoNot) {
  Rsm other = Rsm::open();
  ASSERT_EQ(add(computer(), "desk"), ERROR_SUCCESS);
  ASSERT_EQ(add(library(), "hall"), ERROR_SUCCESS);
  ASSERT_EQ(add(Id{}, "mine"), ERROR_SUCCESS);
  EXPECT_EQ(names_of(other.handle(), computer()), (Names{"desk"}));
  EXPECT_EQ(names_of(other.handle(), library()), (Names{"hall"}));
  EXPECT_EQ(names_of(other.handle(), Id{}), Names{}) << "of this session only";
  EXPECT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(rsm_.close(), ERROR_SUCCESS);
  rsm_ = Rsm::open();
  EXPECT_EQ(names(computer()), (Names{"desk"}));
  EXPECT_EQ(names(library()), (Names{"hall"}));
  EXPECT_EQ(names(Id{}), Names{});
}

TEST_F(UiOptions, Notifications) {
  const Channel channel(session(), NTMS_UI_DESTINATION);
  ASSERT_EQ(add(computer(), "desk"), ERROR_SUCCESS);
  ASSERT_EQ(add(computer(), "hall"), ERROR_SUCCESS);
  ASSERT_EQ(add(computer(), "hall"), ERROR_ALREADY_EXISTS);
  ASSERT_EQ(remove(computer(), "desk"), ERROR_SUCCESS);
  ASSERT_EQ(remove(computer(), "desk"), ERROR_OBJECT_NOT_FOUND);
  ASSERT_EQ(add(Id{}, "mine"), ERROR_SUCCESS);
  ASSERT_EQ(remove_all(computer()), ERROR_SUCCESS);
  ASSERT_EQ(remove_all(computer()), ERROR_SUCCESS);
  const std::vector<Notice> expected{{NTMS_OBJ_INSERT, computer()},
                                     {NTMS_OBJ_INSERT, computer()},
                                     {NTMS_OBJ_DELETE, computer()},
                                     {NTMS_OBJ_DELETE, computer()}};
  EXPECT_EQ(channel.all(), expected);
}

TEST_F(UiOptions, DatabaseFailure) {
  ASSERT_EQ(add(computer(), "desk"), ERROR_SUCCESS);
  const Id object = computer();
  sql("ALTER TABLE ui_destination RENAME TO hidden");
  WCHAR list[8] = {};
  DWORD size = 8;
  EXPECT_EQ(GetNtmsUIOptionsW(session(), object.get(), NTMS_UITYPE_REQ, list, &size),
            ERROR_DATABASE_FAILURE);
  EXPECT_EQ(size, 8U);
  sql("ALTER TABLE hidden RENAME TO ui_destination");
  EXPECT_EQ(names(object), (Names{"desk"}));
}

}  // namespace
}  // namespace ntms::conformance
