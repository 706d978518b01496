// SPDX-License-Identifier: MIT
// Get- and SetNtmsObjectAttributeA/W (contract: functions-objects 7 and 8).
#include <string>
#include <vector>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

using Bytes = std::vector<unsigned char>;

class Attributes : public LibraryTest {
 protected:
  DWORD set(const Id& object, const test::WideString& name, Bytes data,
            DWORD type = NTMS_LIBRARY) const {
    return SetNtmsObjectAttributeW(session(), object.get(), type, name.c_str(), data.data(),
                                   static_cast<DWORD>(data.size()));
  }
  // Reads with room for `room` bytes; checks that nothing behind them is written, and nothing at
  // all by a call that fails.
  DWORD get(const Id& object, const test::WideString& name, DWORD room, Bytes& data, DWORD& size,
            DWORD type = NTMS_LIBRARY) const {
    Bytes buffer(room + 1, 0xEE);
    size = room;
    const DWORD code =
        GetNtmsObjectAttributeW(session(), object.get(), type, name.c_str(), buffer.data(), &size);
    const DWORD written = code == ERROR_SUCCESS ? size : 0;
    EXPECT_LE(written, room);
    for (DWORD i = written; i < buffer.size(); ++i) EXPECT_EQ(buffer[i], 0xEE) << i;
    data.assign(buffer.begin(), buffer.begin() + written);
    return code;
  }
  // The data of an attribute that is there.
  Bytes read(const Id& object, const test::WideString& name) const {
    Bytes data;
    DWORD size = 0;
    EXPECT_EQ(get(object, name, 0xFFFF, data, size), ERROR_SUCCESS);
    return data;
  }
  DWORD code_of(const Id& object, const test::WideString& name, DWORD type = NTMS_LIBRARY) const {
    Bytes data;
    DWORD size = 0;
    const DWORD code = get(object, name, 100, data, size, type);
    EXPECT_TRUE(code == ERROR_SUCCESS || size == 100) << "an output was written";
    return code;
  }
};

TEST_F(Attributes, InvalidHandle) {
  unsigned char byte = 0;
  DWORD size = 1;
  for (HANDLE handle : {HANDLE{nullptr}, INVALID_HANDLE_VALUE}) {
    EXPECT_EQ(
        GetNtmsObjectAttributeW(handle, stranger().get(), NTMS_LIBRARY, NTMS_W("a"), &byte, &size),
        ERROR_INVALID_HANDLE);
    EXPECT_EQ(GetNtmsObjectAttributeA(handle, nullptr, 99, nullptr, nullptr, nullptr),
              ERROR_INVALID_HANDLE);
    EXPECT_EQ(
        SetNtmsObjectAttributeW(handle, stranger().get(), NTMS_LIBRARY, NTMS_W("a"), &byte, 1),
        ERROR_INVALID_HANDLE);
    EXPECT_EQ(SetNtmsObjectAttributeA(handle, nullptr, 99, nullptr, nullptr, 1),
              ERROR_INVALID_HANDLE);
  }
}

TEST_F(Attributes, PointersMissing) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id& id = library();
  ASSERT_EQ(set(id, NTMS_W("a"), {1}), ERROR_SUCCESS);
  unsigned char byte = 7;
  DWORD size = 1;
  EXPECT_EQ(GetNtmsObjectAttributeW(session(), nullptr, NTMS_LIBRARY, NTMS_W("a"), &byte, &size),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(GetNtmsObjectAttributeW(session(), id.get(), NTMS_LIBRARY, nullptr, &byte, &size),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(GetNtmsObjectAttributeW(session(), id.get(), NTMS_LIBRARY, NTMS_W("a"), nullptr, &size),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(GetNtmsObjectAttributeW(session(), id.get(), NTMS_LIBRARY, NTMS_W("a"), &byte, nullptr),
            ERROR_INVALID_PARAMETER);
  size = 0;  // no size query without a buffer
  EXPECT_EQ(GetNtmsObjectAttributeA(session(), id.get(), NTMS_LIBRARY, "a", nullptr, &size),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(size, 0U);
  EXPECT_EQ(byte, 7);

  const long long last = last_change();
  EXPECT_EQ(SetNtmsObjectAttributeW(session(), nullptr, NTMS_LIBRARY, NTMS_W("a"), &byte, 1),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SetNtmsObjectAttributeW(session(), id.get(), NTMS_LIBRARY, nullptr, &byte, 1),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SetNtmsObjectAttributeA(session(), id.get(), NTMS_LIBRARY, "a", nullptr, 1),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(last_change(), last);
  EXPECT_EQ(read(id, NTMS_W("a")), Bytes{1});
}

TEST_F(Attributes, TypeNotValid) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(set(library(), NTMS_W("a"), {1}), ERROR_SUCCESS);
  for (const DWORD type : {0U, 1U, 18U, 19U, 0xFFFFFFFFU}) {
    EXPECT_EQ(code_of(library(), NTMS_W("a"), type), ERROR_INVALID_PARAMETER) << type;
    EXPECT_EQ(set(library(), NTMS_W("a"), {2}, type), ERROR_SUCCESS) << "a wrong type is ignored";
  }
  EXPECT_EQ(code_of(library(), NTMS_W("a"), NTMS_DRIVE), ERROR_SUCCESS)
      << "a type that is not the object's is ignored";
}

TEST_F(Attributes, UnknownObject) {
  ASSERT_NO_FATAL_FAILURE(start());
  const long long last = last_change();
  for (const Id& id : {stranger(), Id{}}) {
    EXPECT_EQ(code_of(id, NTMS_W("a")), ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(set(id, NTMS_W("a"), {1}), ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(set(id, NTMS_W("a"), {}), ERROR_OBJECT_NOT_FOUND);
  }
  EXPECT_EQ(last_change(), last);
  EXPECT_EQ(sql("SELECT count(*) FROM object_attribute"), "0\n");
}

TEST_F(Attributes, UnknownAttribute) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(set(library(), NTMS_W("Name"), {1}), ERROR_SUCCESS);
  EXPECT_EQ(code_of(library(), NTMS_W("name")), ERROR_OBJECT_NOT_FOUND) << "the case counts";
  EXPECT_EQ(code_of(library(), NTMS_W("")), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(code_of(library(), test::WideString(32, 'n')), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(code_of(drive(0).ObjectGuid, NTMS_W("Name")), ERROR_OBJECT_NOT_FOUND)
      << "each object has its own";
}

TEST_F(Attributes, NameNotValid) {
  ASSERT_NO_FATAL_FAILURE(start());
  const long long last = last_change();
  for (const std::size_t length : {std::size_t{32}, std::size_t{33}, std::size_t{5000}}) {
    EXPECT_EQ(set(library(), test::WideString(length, 'n'), {1}), ERROR_INVALID_NAME) << length;
  }
  EXPECT_EQ(set(library(), {}, {1}), ERROR_INVALID_NAME);
  unsigned char byte = 1;
  for (const std::string& name : {std::string(), std::string(32, 'n')}) {
    EXPECT_EQ(
        SetNtmsObjectAttributeA(session(), library().get(), NTMS_LIBRARY, name.c_str(), &byte, 1),
        ERROR_INVALID_NAME);
  }
  EXPECT_EQ(last_change(), last);
  EXPECT_EQ(set(library(), test::WideString(31, 'n'), {1}), ERROR_SUCCESS);
  EXPECT_EQ(read(library(), test::WideString(31, 'n')), Bytes{1});
}

TEST_F(Attributes, TooLarge) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(set(library(), NTMS_W("a"), {1}), ERROR_SUCCESS);
  const long long last = last_change();
  EXPECT_EQ(set(library(), NTMS_W("a"), Bytes(NTMS_MAXATTR_LENGTH)), ERROR_NO_DATA);
  EXPECT_EQ(set(library(), NTMS_W("a"), Bytes(NTMS_MAXATTR_LENGTH + 1)), ERROR_NO_DATA);
  EXPECT_EQ(last_change(), last);
  EXPECT_EQ(read(library(), NTMS_W("a")), Bytes{1});
  const Bytes largest(NTMS_MAXATTR_LENGTH - 1, 0xA5);
  EXPECT_EQ(set(library(), NTMS_W("a"), largest), ERROR_SUCCESS);
  EXPECT_EQ(read(library(), NTMS_W("a")), largest);
}

TEST_F(Attributes, StoredTooLarge) {
  ASSERT_NO_FATAL_FAILURE(start());
  sql("INSERT INTO object_attribute(object,name,data) VALUES(x'" + library().hex() +
      "','large',zeroblob(65536))");
  EXPECT_EQ(code_of(library(), NTMS_W("large")), ERROR_NO_DATA);
}

TEST_F(Attributes, BufferTooSmall) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Bytes data = {1, 2, 3, 4, 5};
  ASSERT_EQ(set(library(), NTMS_W("a"), data), ERROR_SUCCESS);
  Bytes read;
  DWORD size = 0;
  for (DWORD room = 0; room < 5; ++room) {
    EXPECT_EQ(get(library(), NTMS_W("a"), room, read, size), ERROR_INSUFFICIENT_BUFFER);
    EXPECT_EQ(size, 5U);
  }
  EXPECT_EQ(get(library(), NTMS_W("a"), 5, read, size), ERROR_SUCCESS);
  EXPECT_EQ(read, data);
  EXPECT_EQ(get(library(), NTMS_W("a"), 6, read, size), ERROR_SUCCESS);
  EXPECT_EQ(size, 5U);
}

TEST_F(Attributes, EveryTypeOfObjectHasThemAndTellsOfAChange) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (DWORD type = NTMS_CHANGER; type <= NTMS_OPREQUEST; ++type) {
    const auto all = rsm().list(type);
    if (all.empty()) continue;
    const Id& id = all[0];
    const long long last = last_change();
    ASSERT_EQ(set(id, NTMS_W("ours"), {0, 1, 0xFF}, type), ERROR_SUCCESS) << type;
    EXPECT_EQ(read(id, NTMS_W("ours")), (Bytes{0, 1, 0xFF}));
    ASSERT_EQ(set(id, NTMS_W("ours"), {9}, type), ERROR_SUCCESS) << "replaced";
    EXPECT_EQ(read(id, NTMS_W("ours")), Bytes{9});
    ASSERT_EQ(set(id, NTMS_W("ours"), {}, type), ERROR_SUCCESS) << "deleted";
    EXPECT_EQ(code_of(id, NTMS_W("ours")), ERROR_OBJECT_NOT_FOUND);
    const std::vector<Change> expected(3, {NTMS_OBJ_UPDATE, type, id});
    EXPECT_EQ(changes(last), expected) << describe(changes(last));
  }
}

TEST_F(Attributes, OfTheRootPool) {
  ASSERT_NO_FATAL_FAILURE(start());
  NTMS_GUID root{};
  DWORD size = 1;
  (void)EnumerateNtmsObject(session(), nullptr, &root, &size, NTMS_MEDIA_POOL, NTMS_ENUM_ROOTPOOL);
  ASSERT_EQ(set(root, NTMS_W("a"), {1}), ERROR_SUCCESS);
  EXPECT_EQ(read(root, NTMS_W("a")), Bytes{1});
}

TEST_F(Attributes, DeletingWhatIsNotThereChangesNothing) {
  ASSERT_NO_FATAL_FAILURE(start());
  const long long last = last_change();
  EXPECT_EQ(set(library(), NTMS_W("a"), {}), ERROR_SUCCESS);
  EXPECT_EQ(SetNtmsObjectAttributeA(session(), library().get(), 0, "a", nullptr, 0), ERROR_SUCCESS)
      << "no data pointer is needed for that";
  EXPECT_EQ(last_change(), last);
}

TEST_F(Attributes, ChangesAreTimesOfTheObject) {
  ASSERT_NO_FATAL_FAILURE(start());
  sql("UPDATE library SET modified=1 WHERE guid=x'" + library().hex() + "'");
  ASSERT_EQ(library_info().Modified.wYear, 1970);
  ASSERT_EQ(set(library(), NTMS_W("a"), {1}), ERROR_SUCCESS);
  EXPECT_GT(library_info().Modified.wYear, 2000);
}

TEST_F(Attributes, TheSameThroughBothCharacterSets) {
  ASSERT_NO_FATAL_FAILURE(start());
  Bytes data = {'t', 'e', 0, 0xE4, 0xFF};
  ASSERT_EQ(SetNtmsObjectAttributeA(session(), library().get(), NTMS_LIBRARY, "both", data.data(),
                                    static_cast<DWORD>(data.size())),
            ERROR_SUCCESS);
  EXPECT_EQ(read(library(), NTMS_W("both")), data) << "the bytes are never converted";
  ASSERT_EQ(set(library(), NTMS_W("other"), data), ERROR_SUCCESS);
  Bytes buffer(5);
  DWORD size = 5;
  EXPECT_EQ(GetNtmsObjectAttributeA(session(), library().get(), NTMS_LIBRARY, "other",
                                    buffer.data(), &size),
            ERROR_SUCCESS);
  EXPECT_EQ(buffer, data);
  EXPECT_EQ(sql("SELECT name FROM object_attribute ORDER BY name"), "both\nother\n");
}

// The longest name in a character set of several bytes: 31 characters, 62 bytes of UTF-8.
TEST_F(Attributes, CharactersNotBytesCount) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(set(library(), test::WideString(31, WCHAR{0xE4}), {1}), ERROR_SUCCESS);
  EXPECT_EQ(set(library(), test::WideString(32, WCHAR{0xE4}), {1}), ERROR_INVALID_NAME);
  EXPECT_EQ(read(library(), test::WideString(31, WCHAR{0xE4})), Bytes{1});
}

TEST_F(Attributes, DieWithTheirObject) {
  ASSERT_NO_FATAL_FAILURE(start());
  NTMS_GUID pool{};
  ASSERT_EQ(
      CreateNtmsMediaPoolW(session(), NTMS_W("Pool"), nullptr, NTMS_CREATE_NEW, nullptr, &pool),
      ERROR_SUCCESS);
  ASSERT_EQ(set(pool, NTMS_W("a"), {1}), ERROR_SUCCESS);
  ASSERT_EQ(set(library(), NTMS_W("a"), {1}), ERROR_SUCCESS);
  ASSERT_EQ(DeleteNtmsMediaPool(session(), &pool), ERROR_SUCCESS);
  EXPECT_EQ(code_of(pool, NTMS_W("a")), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(sql("SELECT hex(object) FROM object_attribute"), library().hex() + "\n");
}

TEST_F(Attributes, LastErrorIsLeftAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  SetLastError(4711);
  EXPECT_EQ(set(library(), NTMS_W("a"), {1}), ERROR_SUCCESS);
  EXPECT_EQ(set(library(), NTMS_W(""), {1}), ERROR_INVALID_NAME);
  EXPECT_EQ(GetLastError(), 4711U);
}

}  // namespace
}  // namespace ntms::conformance
