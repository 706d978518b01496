// SPDX-License-Identifier: MIT
// GetNtmsObjectInformationA/W (contract: functions-objects 1).
#include <algorithm>
#include <cstring>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

using InfoA = NTMS_OBJECTINFORMATIONA;
using FirstW = NTMS_I1_OBJECTINFORMATIONW;

class GetInformation : public LibraryTest {
 protected:
  // The code of a call with a structure of any layout; a failed one must write nothing.
  template <class I>
  DWORD get(const Id& id, I& info) {
    const I before = info;
    const DWORD code = call(id.get(), info);
    if (code != ERROR_SUCCESS) {
      EXPECT_EQ(std::memcmp(&before, &info, sizeof info), 0) << "an output was written";
    }
    return code;
  }
  template <class I>
  DWORD get(const Id& id, DWORD size, DWORD type) {
    I info;
    std::memset(&info, 0x5A, sizeof info);
    info.dwSize = size;
    info.dwType = type;
    return get(id, info);
  }

  // One object of each type that a new library has.
  std::vector<Id> samples() {
    std::vector<Id> found;
    for (DWORD type = NTMS_CHANGER; type <= NTMS_OPREQUEST; ++type) {
      const auto all = rsm().list(type);
      if (!all.empty()) found.push_back(all[0]);
    }
    EXPECT_GE(found.size(), 12U);
    return found;
  }

 private:
  DWORD call(LPNTMS_GUID id, InfoA& info) {
    return GetNtmsObjectInformationA(session(), id, &info);
  }
  DWORD call(LPNTMS_GUID id, Info& info) { return GetNtmsObjectInformationW(session(), id, &info); }
};

TEST_F(GetInformation, InvalidHandle) {
  Info info{};
  EXPECT_EQ(GetNtmsObjectInformationW(nullptr, stranger().get(), &info), ERROR_INVALID_HANDLE);
  EXPECT_EQ(GetNtmsObjectInformationW(INVALID_HANDLE_VALUE, nullptr, nullptr),
            ERROR_INVALID_HANDLE);
  EXPECT_EQ(GetNtmsObjectInformationA(nullptr, nullptr, nullptr), ERROR_INVALID_HANDLE);
  Rsm other = Rsm::open();
  HANDLE closed = other.handle();
  ASSERT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(GetNtmsObjectInformationW(closed, stranger().get(), &info), ERROR_INVALID_HANDLE);
}

TEST_F(GetInformation, InvalidParameterPointers) {
  ASSERT_NO_FATAL_FAILURE(start());
  Info info{};
  info.dwSize = sizeof info;
  EXPECT_EQ(GetNtmsObjectInformationW(session(), nullptr, &info), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(GetNtmsObjectInformationW(session(), library().get(), nullptr),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(GetNtmsObjectInformationA(session(), nullptr, nullptr), ERROR_INVALID_PARAMETER);
}

TEST_F(GetInformation, ObjectNotFound) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (DWORD type = NTMS_CHANGER; type <= NTMS_OPREQUEST; ++type) {
    EXPECT_EQ(get<Info>(stranger(), sizeof(Info), type), ERROR_OBJECT_NOT_FOUND) << type;
    EXPECT_EQ(get<InfoA>(Id{}, sizeof(InfoA), type), ERROR_OBJECT_NOT_FOUND) << type;
  }
  EXPECT_EQ(get<Info>(stranger(), sizeof(Info), NTMS_UNKNOWN), ERROR_OBJECT_NOT_FOUND);
}

TEST_F(GetInformation, InvalidParameterType) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD type : {1U, 18U, 19U, 0xFFFFFFFFU}) {
    EXPECT_EQ(get<Info>(library(), sizeof(Info), type), ERROR_INVALID_PARAMETER) << type;
    EXPECT_EQ(get<Info>(stranger(), sizeof(Info), type), ERROR_INVALID_PARAMETER) << type;
    EXPECT_EQ(get<InfoA>(library(), sizeof(InfoA), type), ERROR_INVALID_PARAMETER) << type;
  }
}

TEST_F(GetInformation, InvalidParameterOtherType) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : samples()) {
    const DWORD actual = rsm().get(id).dwType;
    for (DWORD type = NTMS_CHANGER; type <= NTMS_OPREQUEST; ++type) {
      EXPECT_EQ(get<Info>(id, sizeof(Info), type),
                type == actual ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER)
          << actual << " as " << type;
    }
  }
}

TEST_F(GetInformation, InvalidParameterSize) {
  ASSERT_NO_FATAL_FAILURE(start());
  struct Smallest {
    DWORD type, ansi, wide;
  };
  const Smallest sizes[] = {
      {NTMS_CHANGER, 428, 748},    {NTMS_CHANGER_TYPE, 516, 964},   {NTMS_COMPUTER, 276, 468},
      {NTMS_DRIVE, 488, 808},      {NTMS_DRIVE_TYPE, 520, 968},     {NTMS_IEPORT, 288, 480},
      {NTMS_LIBRARY, 384, 576},    {NTMS_MEDIA_POOL, 316, 508},     {NTMS_MEDIA_TYPE, 272, 464},
      {NTMS_PARTITION, 896, 1408}, {NTMS_PHYSICAL_MEDIA, 472, 760}, {NTMS_STORAGESLOT, 280, 472}};
  for (const Smallest& size : sizes) {
    const auto all = rsm().list(size.type);
    ASSERT_FALSE(all.empty()) << size.type;
    for (const DWORD type : {DWORD{NTMS_UNKNOWN}, size.type}) {
      EXPECT_EQ(get<Info>(all[0], 0, type), ERROR_INVALID_PARAMETER) << size.type;
      EXPECT_EQ(get<Info>(all[0], size.wide - 1, type), ERROR_INVALID_PARAMETER) << size.type;
      EXPECT_EQ(get<Info>(all[0], size.wide, type), ERROR_SUCCESS) << size.type;
      EXPECT_EQ(get<Info>(all[0], size.wide + 1000, type), ERROR_SUCCESS) << size.type;
      EXPECT_EQ(get<InfoA>(all[0], 0, type), ERROR_INVALID_PARAMETER) << size.type;
      EXPECT_EQ(get<InfoA>(all[0], size.ansi - 1, type), ERROR_INVALID_PARAMETER) << size.type;
      EXPECT_EQ(get<InfoA>(all[0], size.ansi, type), ERROR_SUCCESS) << size.type;
      // The first generation, which does not know computers.
      const DWORD first = size.type == NTMS_COMPUTER ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
      EXPECT_EQ(get<Info>(all[0], sizeof(FirstW), type), first) << size.type;
      EXPECT_EQ(get<InfoA>(all[0], sizeof(NTMS_I1_OBJECTINFORMATIONA), type), first) << size.type;
    }
  }
}

TEST_F(GetInformation, TheTypeIsFoundAndTheSizeKept) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : samples()) {
    Info info{};
    info.dwSize = sizeof info + 4;
    ASSERT_EQ(get(id, info), ERROR_SUCCESS);
    EXPECT_EQ(info.dwSize, sizeof info + 4);
    EXPECT_NE(info.dwType, DWORD{NTMS_UNKNOWN});
    EXPECT_EQ(Id(info.ObjectGuid), id);
    EXPECT_GE(info.Created.wYear, 2020);
    EXPECT_GE(info.Modified.wYear, 2020);
    const auto same = rsm().list(info.dwType);
    EXPECT_NE(std::find(same.begin(), same.end(), id), same.end());
  }
}

TEST_F(GetInformation, NothingIsWrittenBeyondTheStatedSize) {
  ASSERT_NO_FATAL_FAILURE(start());
  alignas(8) unsigned char bytes[472 + 64];
  std::memset(bytes, 0xA5, sizeof bytes);
  const DWORD head[] = {472, NTMS_STORAGESLOT};
  std::memcpy(bytes, head, sizeof head);
  const Id id = slot(0).ObjectGuid;
  ASSERT_EQ(GetNtmsObjectInformationW(session(), id.get(), reinterpret_cast<Info*>(bytes)),
            ERROR_SUCCESS);
  for (std::size_t i = 472; i < sizeof bytes; ++i) EXPECT_EQ(bytes[i], 0xA5) << i;
}

TEST_F(GetInformation, AnsiAndWideShowTheSame) {
  ASSERT_NO_FATAL_FAILURE(start());
  InfoA ansi{};
  ansi.dwSize = sizeof ansi;
  ASSERT_EQ(get(medium(0), ansi), ERROR_SUCCESS);
  const Info wide = rsm().get(medium(0));
  EXPECT_EQ(std::string(ansi.szName), text(wide.szName));
  EXPECT_EQ(std::string(ansi.Info.PhysicalMedia.szBarCode), robot().bar_code(0));
  EXPECT_EQ(text(wide.Info.PhysicalMedia.szBarCode), robot().bar_code(0));
  EXPECT_EQ(Id(ansi.Info.PhysicalMedia.MediaPool), Id(wide.Info.PhysicalMedia.MediaPool));
  EXPECT_EQ(Id(ansi.Info.PhysicalMedia.Location), Id(slot(0).ObjectGuid));
}

TEST_F(GetInformation, FirstGenerationOfALibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  Info buffer;
  std::memset(&buffer, 0xA5, sizeof buffer);
  buffer.dwSize = sizeof(FirstW);
  buffer.dwType = NTMS_LIBRARY;
  ASSERT_EQ(get(library(), buffer), ERROR_SUCCESS);
  FirstW first;
  std::memcpy(&first, &buffer, sizeof first);
  EXPECT_EQ(first.Info.Library.LibraryType, DWORD{NTMS_LIBRARYTYPE_ONLINE});
  EXPECT_EQ(first.Info.Library.dwNumberOfMedia, 8U);
  EXPECT_EQ(buffer.Info.Library.dwFlags, 0xA5A5A5A5U) << "the first generation has no flags";
}

TEST_F(GetInformation, CountersOfALibrary) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 10, .drives = 3, .ports = 2, .media = 4}));
  const auto info = library_info().Info.Library;
  EXPECT_EQ(info.LibraryType, DWORD{NTMS_LIBRARYTYPE_ONLINE});
  EXPECT_EQ(info.dwNumberOfSlots, 10U);
  EXPECT_EQ(info.dwNumberOfDrives, 3U);
  EXPECT_EQ(info.dwNumberOfPorts, 2U);
  EXPECT_EQ(info.dwNumberOfChangers, 1U);
  EXPECT_EQ(info.dwNumberOfMedia, 4U);
  EXPECT_GE(info.dwNumberOfMediaTypes, 1U);
  EXPECT_EQ(info.dwNumberOfLibRequests, 0U) << "finished requests do not count";
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfLibRequests, 1U);
}

TEST_F(GetInformation, TheOfflineLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Info info = rsm().get(offline_library());
  EXPECT_EQ(text(info.szName), "Off-line Media");
  NTMS_LIBRARYINFORMATION expected;
  std::memset(&expected, 0, sizeof expected);
  expected.LibraryType = NTMS_LIBRARYTYPE_OFFLINE;
  EXPECT_EQ(std::memcmp(&info.Info.Library, &expected, sizeof expected), 0)
      << "only the type and the number of media, which is 0, mean anything";
}

TEST_F(GetInformation, TheRootPool) {
  ASSERT_NO_FATAL_FAILURE(start());
  NTMS_GUID ids[64];
  DWORD count = 64;
  ASSERT_EQ(
      EnumerateNtmsObject(session(), nullptr, ids, &count, NTMS_MEDIA_POOL, NTMS_ENUM_ROOTPOOL),
      ERROR_SUCCESS);
  const auto pool = rsm().get(ids[0], NTMS_MEDIA_POOL).Info.MediaPool;
  EXPECT_EQ(pool.PoolType, DWORD{NTMS_POOLTYPE_UNKNOWN});
  EXPECT_TRUE(Id(pool.MediaType).is_null());
  EXPECT_TRUE(Id(pool.Parent).is_null());
  EXPECT_EQ(pool.dwNumberOfMediaPools, count - 1);
}

TEST_F(GetInformation, LastErrorIsLeftAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  SetLastError(4711);
  EXPECT_EQ(get<Info>(stranger(), sizeof(Info), NTMS_UNKNOWN), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(get<Info>(library(), sizeof(Info), NTMS_UNKNOWN), ERROR_SUCCESS);
  EXPECT_EQ(GetLastError(), 4711U);
}

}  // namespace
}  // namespace ntms::conformance
