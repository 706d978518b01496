// SPDX-License-Identifier: MIT
// EnumerateNtmsObject (contract: functions-objects 4, concepts 2.1).
#include <algorithm>
#include <array>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class Enumerate : public LibraryTest {
 protected:
  DWORD enumerate(const Id* container, LPNTMS_GUID list, LPDWORD size, DWORD type,
                  DWORD options = NTMS_ENUM_DEFAULT) {
    return EnumerateNtmsObject(session(), container != nullptr ? container->get() : nullptr, list,
                               size, type, options);
  }
  // The code of a call with room enough; a failed one must leave the size alone.
  DWORD code(const Id* container, DWORD type, DWORD options = NTMS_ENUM_DEFAULT) {
    DWORD size = room_.size();
    const DWORD result = enumerate(container, room_.data(), &size, type, options);
    if (result != ERROR_SUCCESS) {
      EXPECT_EQ(size, room_.size()) << "an output was written";
    }
    return result;
  }
  std::vector<Id> ids(const Id* container, DWORD type, DWORD options = NTMS_ENUM_DEFAULT) {
    DWORD size = room_.size();
    EXPECT_EQ(enumerate(container, room_.data(), &size, type, options), ERROR_SUCCESS);
    return {room_.begin(), room_.begin() + size};
  }

  std::array<NTMS_GUID, 64> room_{};
};

TEST_F(Enumerate, InvalidHandle) {
  DWORD size = 0;
  EXPECT_EQ(EnumerateNtmsObject(nullptr, nullptr, nullptr, &size, NTMS_DRIVE, 0),
            ERROR_INVALID_HANDLE);
  EXPECT_EQ(EnumerateNtmsObject(INVALID_HANDLE_VALUE, nullptr, nullptr, nullptr, 99, 99),
            ERROR_INVALID_HANDLE);
  Rsm other = Rsm::open();
  HANDLE closed = other.handle();
  ASSERT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(EnumerateNtmsObject(closed, nullptr, nullptr, &size, NTMS_DRIVE, 0),
            ERROR_INVALID_HANDLE);
}

TEST_F(Enumerate, InvalidParameterSizeMissing) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(enumerate(nullptr, room_.data(), nullptr, NTMS_DRIVE), ERROR_INVALID_PARAMETER);
}

TEST_F(Enumerate, InvalidParameterListMissing) {
  ASSERT_NO_FATAL_FAILURE(start());
  DWORD size = 1;
  EXPECT_EQ(enumerate(nullptr, nullptr, &size, NTMS_DRIVE), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(size, 1U);
}

TEST_F(Enumerate, InvalidParameterType) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD type : {0U, 1U, 18U, 19U, 0xFFFFFFFFU}) {
    EXPECT_EQ(code(nullptr, type), ERROR_INVALID_PARAMETER) << type;
    EXPECT_EQ(code(&library(), type), ERROR_INVALID_PARAMETER) << type;
  }
}

TEST_F(Enumerate, InvalidParameterOptions) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(code(nullptr, NTMS_MEDIA_POOL, 2), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(code(nullptr, NTMS_MEDIA_POOL, 3), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(code(nullptr, NTMS_LIBRARY, NTMS_ENUM_ROOTPOOL), ERROR_INVALID_PARAMETER);
  const Id pool = ids(nullptr, NTMS_MEDIA_POOL).at(0);
  EXPECT_EQ(code(&pool, NTMS_MEDIA_POOL, NTMS_ENUM_ROOTPOOL), ERROR_INVALID_PARAMETER);
}

TEST_F(Enumerate, InvalidParameterContainerNotValidForTheType) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(0);
  const Id side = side_of(m);
  const Id pool = media_info(m).MediaPool;
  for (const DWORD type : {NTMS_CHANGER_TYPE, NTMS_COMPUTER, NTMS_DRIVE_TYPE, NTMS_LIBRARY,
                           NTMS_OPREQUEST, NTMS_MEDIA_POOL, NTMS_PARTITION, NTMS_LOGICAL_MEDIA}) {
    EXPECT_EQ(code(&library(), type), ERROR_INVALID_PARAMETER) << type;
  }
  for (const DWORD type :
       {NTMS_CHANGER, NTMS_DRIVE, NTMS_LIBREQUEST, NTMS_MEDIA_TYPE, NTMS_STORAGESLOT}) {
    EXPECT_EQ(code(&pool, type), ERROR_INVALID_PARAMETER) << type;
    EXPECT_EQ(code(&m, type), ERROR_INVALID_PARAMETER) << type;
  }
  EXPECT_EQ(code(&m, NTMS_PHYSICAL_MEDIA), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(code(&side, NTMS_PARTITION), ERROR_INVALID_PARAMETER);
}

TEST_F(Enumerate, ObjectNotFound) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id unknown = stranger();
  const Id zero;
  const Id drive_id = drive(0).ObjectGuid;
  const Id slot_id = slot(0).ObjectGuid;
  for (DWORD type = NTMS_CHANGER; type <= NTMS_OPREQUEST; ++type) {
    for (const Id* id : {&unknown, &zero, &drive_id, &slot_id}) {
      EXPECT_EQ(code(id, type), ERROR_OBJECT_NOT_FOUND) << type;
    }
  }
}

TEST_F(Enumerate, InsufficientBuffer) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 12, .media = 8}));
  const auto all = ids(&library(), NTMS_PHYSICAL_MEDIA);
  ASSERT_EQ(all.size(), 8U);

  DWORD size = 0;
  EXPECT_EQ(enumerate(&library(), nullptr, &size, NTMS_PHYSICAL_MEDIA), ERROR_INSUFFICIENT_BUFFER);
  EXPECT_EQ(size, 8U);

  for (DWORD room = 1; room <= 9; ++room) {
    const Id untouched = stranger();
    std::vector<NTMS_GUID> list(room + 1, untouched.guid);
    size = room;
    EXPECT_EQ(enumerate(&library(), list.data(), &size, NTMS_PHYSICAL_MEDIA),
              room < 8 ? ERROR_INSUFFICIENT_BUFFER : ERROR_SUCCESS);
    EXPECT_EQ(size, 8U);
    for (DWORD i = 0; i < list.size(); ++i) {
      EXPECT_EQ(Id(list[i]), i < std::min(room, DWORD{8}) ? all[i] : untouched) << i;
    }
  }
}

TEST_F(Enumerate, NothingFoundIsSuccess) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id untouched = stranger();
  NTMS_GUID list = untouched.guid;
  DWORD size = 1;
  EXPECT_EQ(enumerate(nullptr, &list, &size, NTMS_LOGICAL_MEDIA), ERROR_SUCCESS);
  EXPECT_EQ(size, 0U);
  EXPECT_EQ(Id(list), untouched);
  EXPECT_EQ(enumerate(nullptr, nullptr, &size, NTMS_LOGICAL_MEDIA), ERROR_SUCCESS);
  EXPECT_EQ(size, 0U);
}

TEST_F(Enumerate, TheElementsOfALibrary) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 12, .drives = 2, .ports = 2, .media = 8, .doors = 1}));
  EXPECT_EQ(ids(&library(), NTMS_CHANGER).size(), 1U);
  EXPECT_EQ(ids(&library(), NTMS_DRIVE).size(), 2U);
  EXPECT_EQ(ids(&library(), NTMS_STORAGESLOT).size(), 12U);
  EXPECT_EQ(ids(&library(), NTMS_IEPORT).size(), 2U);
  EXPECT_EQ(ids(&library(), NTMS_IEDOOR).size(), library_info().Info.Library.dwNumberOfDoors);
  EXPECT_EQ(ids(&library(), NTMS_PHYSICAL_MEDIA).size(), 8U);
  EXPECT_EQ(ids(&library(), NTMS_MEDIA_TYPE).size(),
            library_info().Info.Library.dwNumberOfMediaTypes);
  EXPECT_EQ(ids(nullptr, NTMS_COMPUTER).size(), 1U);
  for (const Id& id : ids(&library(), NTMS_DRIVE)) {
    EXPECT_EQ(Id(rsm().get(id, NTMS_DRIVE).Info.Drive.Library), library());
  }
  for (const Id& id : ids(&library(), NTMS_PHYSICAL_MEDIA)) {
    EXPECT_EQ(Id(media_info(id).CurrentLibrary), library());
  }
}

TEST_F(Enumerate, SidesOfAMediumAndOfAPool) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(0);
  const auto sides = ids(&m, NTMS_PARTITION);
  EXPECT_EQ(sides.size(), media_info(m).dwNumberOfPartitions);
  for (const Id& side : sides) {
    EXPECT_EQ(Id(rsm().get(side, NTMS_PARTITION).Info.Partition.PhysicalMedia), m);
    EXPECT_TRUE(ids(&side, NTMS_LOGICAL_MEDIA).empty());
  }
  const Id pool = media_info(m).MediaPool;
  const auto media = ids(&pool, NTMS_PHYSICAL_MEDIA);
  EXPECT_EQ(media.size(), rsm().get(pool).Info.MediaPool.dwNumberOfPhysicalMedia);
  EXPECT_NE(std::find(media.begin(), media.end(), m), media.end());
  EXPECT_EQ(ids(&pool, NTMS_PARTITION).size(), media.size());
}

TEST_F(Enumerate, PoolsByLevelAndTheRootPool) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto top = ids(nullptr, NTMS_MEDIA_POOL);
  ASSERT_GE(top.size(), 3U);  // Free, Import, Unrecognized
  for (const Id& id : top) {
    const Info pool = rsm().get(id, NTMS_MEDIA_POOL);
    EXPECT_TRUE(Id(pool.Info.MediaPool.Parent).is_null());
    const auto children = ids(&id, NTMS_MEDIA_POOL);
    EXPECT_EQ(children.size(), pool.Info.MediaPool.dwNumberOfMediaPools);
    for (const Id& child : children) {
      EXPECT_EQ(Id(rsm().get(child).Info.MediaPool.Parent), id);
    }
  }
  const auto with_root = ids(nullptr, NTMS_MEDIA_POOL, NTMS_ENUM_ROOTPOOL);
  ASSERT_EQ(with_root.size(), top.size() + 1);
  EXPECT_TRUE(std::equal(top.begin(), top.end(), with_root.begin() + 1));
  EXPECT_EQ(rsm().get(with_root[0]).Info.MediaPool.PoolType, DWORD{NTMS_POOLTYPE_UNKNOWN});
}

TEST_F(Enumerate, TheOfflineLibraryIsListedAndHoldsMediaOnly) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id offline = offline_library();
  const auto libraries = ids(nullptr, NTMS_LIBRARY);
  EXPECT_EQ(libraries.size(), 2U);
  EXPECT_NE(std::find(libraries.begin(), libraries.end(), offline), libraries.end());
  for (const DWORD type : {NTMS_CHANGER, NTMS_DRIVE, NTMS_IEDOOR, NTMS_IEPORT, NTMS_LIBREQUEST,
                           NTMS_MEDIA_TYPE, NTMS_STORAGESLOT, NTMS_PHYSICAL_MEDIA}) {
    EXPECT_TRUE(ids(&offline, type).empty()) << type;
  }
}

TEST_F(Enumerate, FinishedRequestsAreListed) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id request = unfinished_request_of(medium(0));
  ASSERT_EQ(CancelNtmsLibraryRequest(session(), request.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED));
  const auto of_library = ids(&library(), NTMS_LIBREQUEST);
  EXPECT_NE(std::find(of_library.begin(), of_library.end(), request), of_library.end());
  const auto everywhere = ids(nullptr, NTMS_LIBREQUEST);
  EXPECT_NE(std::find(everywhere.begin(), everywhere.end(), request), everywhere.end());
}

TEST_F(Enumerate, LastErrorIsLeftAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  SetLastError(4711);
  EXPECT_EQ(code(nullptr, 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(code(nullptr, NTMS_DRIVE), ERROR_SUCCESS);
  EXPECT_EQ(GetLastError(), 4711U);
}

}  // namespace
}  // namespace ntms::conformance
