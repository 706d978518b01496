// SPDX-License-Identifier: MIT
// Creating offline media (contract: functions-objects 3).
#include <cstring>

#include "conformance/media/media_fixture.h"

namespace ntms::conformance {
namespace {

class CreateMedia : public MediaTest {
 protected:
  // A description that is accepted, of one side with on-media identifier 1, 2, 3.
  void start_describing() {
    ASSERT_NO_FATAL_FAILURE(start_media());
    describe_medium();
  }
  void describe_medium() {
    medium_ = {};
    medium_.dwSize = sizeof medium_;
    medium_.dwType = NTMS_PHYSICAL_MEDIA;
    medium_.Enabled = TRUE;
    medium_.Info.PhysicalMedia.MediaPool = app().guid;
    medium_.Info.PhysicalMedia.dwNumberOfPartitions = 1;
    for (Info& one : sides_) {
      one = {};
      one.dwSize = sizeof one;
      one.dwType = NTMS_PARTITION;
      one.Enabled = TRUE;
      auto& info = one.Info.Partition;
      info.State = NTMS_PARTSTATE_AVAILABLE;
      info.dwOmidLabelIdLength = 3;
      info.OmidLabelId[0] = 1;
      info.OmidLabelId[1] = 2;
      info.OmidLabelId[2] = 3;
      put(info.szOmidLabelType, NTMS_W("MTF Media ID"));
    }
  }
  template <std::size_t N>
  static void put(WCHAR (&out)[N], const WideString& text) {
    std::copy(text.begin(), text.end(), out);
    out[text.size()] = 0;
  }
  NTMS_PMIDINFORMATIONW& pmid() { return medium_.Info.PhysicalMedia; }
  NTMS_PARTITIONINFORMATIONW& partition(unsigned number = 0) {
    return sides_[number].Info.Partition;
  }

  DWORD create(DWORD options = 0) { return CreateNtmsMediaW(session(), &medium_, sides_, options); }
  // The description as it is must be refused, and stay as it is.
  void expect_not_created(DWORD code, DWORD options = 0) {
    const Info medium = medium_;
    const Info side = sides_[0];
    expect_refused(code, [&] { return create(options); });
    EXPECT_EQ(std::memcmp(&medium, &medium_, sizeof medium), 0) << "an output was written";
    EXPECT_EQ(std::memcmp(&side, &sides_[0], sizeof side), 0) << "an output was written";
  }
  // The same, of a description with one thing wrong; it is well again afterwards.
  template <class Spoil>
  void expect_invalid(DWORD code, Spoil&& spoil) {
    spoil();
    expect_not_created(code);
    describe_medium();
  }
  Id created_medium() {
    EXPECT_EQ(create(), ERROR_SUCCESS);
    return medium_.ObjectGuid;
  }

  Info medium_{};
  Info sides_[2] = {};
};

TEST_F(CreateMedia, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  EXPECT_EQ(CreateNtmsMediaW(session(), nullptr, sides_, 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(CreateNtmsMediaW(session(), &medium_, nullptr, 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(CreateNtmsMediaA(session(), nullptr, nullptr, 0), ERROR_INVALID_PARAMETER);
}

TEST_F(CreateMedia, SizesAndTypes) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  for (const DWORD size : std::initializer_list<DWORD>{0, 4, 759, 761, DWORD{sizeof medium_} - 1,
                                                       DWORD{sizeof medium_} + 1, 0xFFFFFFFF}) {
    expect_invalid(ERROR_INVALID_PARAMETER, [&] { medium_.dwSize = size; });
    expect_invalid(ERROR_INVALID_PARAMETER, [&] { sides_[0].dwSize = size; });
  }
  for (const DWORD type : {DWORD{NTMS_UNKNOWN}, DWORD{NTMS_LIBRARY}, DWORD{NTMS_PARTITION}}) {
    expect_invalid(ERROR_INVALID_PARAMETER, [&] { medium_.dwType = type; });
  }
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { sides_[0].dwType = NTMS_PHYSICAL_MEDIA; });
  medium_.dwSize = 760;
  EXPECT_EQ(create(), ERROR_SUCCESS) << "the length up to the end of the member";
}

TEST_F(CreateMedia, Members) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  const auto fill = [](auto& array) { std::fill(std::begin(array), std::end(array), NTMS_W('x')); };
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { fill(medium_.szName); });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { fill(medium_.szDescription); });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { fill(pmid().szBarCode); });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { fill(sides_[0].szName); });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { fill(sides_[0].szDescription); });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { fill(partition().szOmidLabelType); });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { fill(partition().szOmidLabelInfo); });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { partition().szOmidLabelType[0] = 0; });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { partition().dwOmidLabelIdLength = 0; });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { partition().dwOmidLabelIdLength = 256; });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { partition().State = 10; });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { partition().LogicalMedia = stranger().guid; });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { pmid().CurrentLibrary = library().guid; });
  expect_invalid(ERROR_INVALID_PARAMETER, [&] { pmid().CurrentLibrary = stranger().guid; });
  for (const DWORD options : {2U, 0x80000000U}) {
    expect_not_created(ERROR_INVALID_PARAMETER, options);
  }
  pmid().CurrentLibrary = offline_library().guid;
  EXPECT_EQ(create(), ERROR_SUCCESS);
}

TEST_F(CreateMedia, PoolsThatDoNotFit) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  for (const Id& pool : {stranger(), Id{}, medium(0), free_pool(), unrecognized_pool(),
                         opened(NTMS_W("\\Import")), container(NTMS_W("\\Container"))}) {
    expect_invalid(ERROR_INVALID_MEDIA_POOL, [&] { pmid().MediaPool = pool.guid; });
  }
}

TEST_F(CreateMedia, NumberOfSides) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  for (const DWORD count : {0U, 2U, 3U, 0xFFFFFFFFU}) {
    expect_invalid(ERROR_MEDIA_INCOMPATIBLE, [&] { pmid().dwNumberOfPartitions = count; });
  }
}

TEST_F(CreateMedia, BarCodeInUse) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  expect_invalid(ERROR_INVALID_MEDIA, [&] {
    put(pmid().szBarCode, WideString(media_info(medium(0)).szBarCode) + NTMS_W("  "));
  });
  created_medium();
  describe_medium();
  EXPECT_EQ(create(), ERROR_SUCCESS) << "no bar code is nobody's";
}

TEST_F(CreateMedia, IdentifiersInUse) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  for (const Id& id : {medium(0), side(0), app()}) {
    expect_invalid(ERROR_INVALID_MEDIA, [&] { medium_.ObjectGuid = id.guid; });
    expect_invalid(ERROR_INVALID_MEDIA, [&] { sides_[0].ObjectGuid = id.guid; });
    expect_invalid(ERROR_INVALID_MEDIA, [&] {
      partition().State = NTMS_PARTSTATE_ALLOCATED;
      partition().LogicalMedia = id.guid;
    });
  }
  expect_invalid(ERROR_INVALID_MEDIA, [&] {
    medium_.ObjectGuid = stranger().guid;
    sides_[0].ObjectGuid = stranger().guid;
  });
}

TEST_F(CreateMedia, DuplicateIdentifierOnMedia) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  EXPECT_EQ(create(NTMS_ERROR_ON_DUPLICATE), ERROR_SUCCESS);
  describe_medium();
  expect_not_created(ERROR_INVALID_MEDIA, NTMS_ERROR_ON_DUPLICATE);
  EXPECT_EQ(create(), ERROR_SUCCESS) << "duplicates are allowed";
  describe_medium();
  partition().OmidLabelId[2] = 4;
  EXPECT_EQ(create(NTMS_ERROR_ON_DUPLICATE), ERROR_SUCCESS) << "another label";
  describe_medium();
  put(partition().szOmidLabelType, NTMS_W("Other"));
  EXPECT_EQ(create(NTMS_ERROR_ON_DUPLICATE), ERROR_SUCCESS) << "another type of label";
}

TEST_F(CreateMedia, ShowsWhatWasCreated) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  put(medium_.szName, NTMS_W("Tape 7"));
  put(medium_.szDescription, NTMS_W("from elsewhere"));
  put(pmid().szBarCode, NTMS_W("ABC123  "));
  pmid().dwMediaTypeCode = 11;
  pmid().dwDensityCode = 12;
  sides_[0].Enabled = FALSE;
  put(sides_[0].szName, NTMS_W("A side"));
  put(partition().szOmidLabelInfo, NTMS_W("info"));
  partition().dwMountCount = 13;
  partition().dwAllocateCount = 14;
  partition().Capacity.QuadPart = 15000000000;
  const long long last = last_change();
  ASSERT_EQ(create(), ERROR_SUCCESS);
  const Id pm(medium_.ObjectGuid);
  const Id s(sides_[0].ObjectGuid);
  expect_changes(
      last, {{NTMS_OBJ_INSERT, NTMS_PHYSICAL_MEDIA, pm}, {NTMS_OBJ_INSERT, NTMS_PARTITION, s}});
  Info read = rsm().get(pm, NTMS_PHYSICAL_MEDIA);
  EXPECT_EQ(std::memcmp(&read, &medium_, 760), 0) << "what comes back is what is stored";
  read = rsm().get(s, NTMS_PARTITION);
  EXPECT_EQ(std::memcmp(&read, &sides_[0], sizeof read), 0);
  EXPECT_EQ(text(medium_.szName), "Tape 7");
  EXPECT_EQ(text(medium_.szDescription), "from elsewhere");
  EXPECT_NE(medium_.Created.wYear, 0);
  EXPECT_EQ(medium_.dwOperationalState, DWORD{NTMS_READY});
  EXPECT_EQ(Id(pmid().CurrentLibrary), offline_library());
  EXPECT_EQ(Id(pmid().MediaPool), app());
  EXPECT_TRUE(Id(pmid().Location).is_null());
  EXPECT_TRUE(Id(pmid().HomeSlot).is_null());
  EXPECT_EQ(pmid().LocationType, DWORD{NTMS_STORAGESLOT});
  EXPECT_EQ(Id(pmid().MediaType), media_type());
  EXPECT_EQ(text(pmid().szBarCode), "ABC123");
  EXPECT_EQ(pmid().BarCodeState, DWORD{NTMS_BARCODESTATE_OK});
  EXPECT_NE(text(pmid().szSequenceNumber), "");
  EXPECT_EQ(pmid().MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(pmid().dwNumberOfPartitions, 1U);
  EXPECT_EQ(pmid().dwMediaTypeCode, 11U);
  EXPECT_EQ(pmid().dwDensityCode, 12U);
  EXPECT_EQ(Id(partition().PhysicalMedia), pm);
  EXPECT_TRUE(Id(partition().LogicalMedia).is_null());
  EXPECT_EQ(sides_[0].Enabled, FALSE);
  EXPECT_EQ(text(sides_[0].szName), "A side");
  EXPECT_EQ(partition().State, DWORD{NTMS_PARTSTATE_AVAILABLE});
  EXPECT_EQ(partition().Side, 0);
  EXPECT_EQ(partition().dwOmidLabelIdLength, 3U);
  EXPECT_EQ(partition().OmidLabelId[2], 3);
  EXPECT_EQ(text(partition().szOmidLabelInfo), "info");
  EXPECT_EQ(partition().dwMountCount, 13U);
  EXPECT_EQ(partition().dwAllocateCount, 14U);
  EXPECT_EQ(partition().Capacity.QuadPart, 15000000000);
}

TEST_F(CreateMedia, EveryState) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  for (DWORD state = NTMS_PARTSTATE_UNKNOWN; state <= NTMS_PARTSTATE_RESERVED; ++state) {
    describe_medium();
    partition().State = state;
    pmid().MediaPool = state % 2 == 0 ? app().guid : import_pool().guid;
    ASSERT_EQ(create(), ERROR_SUCCESS) << state;
    EXPECT_EQ(side_info(sides_[0].ObjectGuid).State, state);
    const bool owned = state == NTMS_PARTSTATE_ALLOCATED || state == NTMS_PARTSTATE_COMPLETE;
    EXPECT_EQ(!Id(partition().LogicalMedia).is_null(), owned);
    if (owned) {
      EXPECT_EQ(Id(rsm().get(partition().LogicalMedia).Info.LogicalMedia.MediaPool),
                Id(pmid().MediaPool));
    }
  }
}

TEST_F(CreateMedia, GivenIdentifiers) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  const Id ids[] = {parse_id("11111111111111111111111111111111"),
                    parse_id("22222222222222222222222222222222"),
                    parse_id("33333333333333333333333333333333")};
  medium_.ObjectGuid = ids[0].guid;
  sides_[0].ObjectGuid = ids[1].guid;
  partition().LogicalMedia = ids[2].guid;
  partition().State = NTMS_PARTSTATE_COMPLETE;
  const long long last = last_change();
  ASSERT_EQ(create(), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_INSERT, NTMS_PHYSICAL_MEDIA, ids[0]},
                        {NTMS_OBJ_INSERT, NTMS_PARTITION, ids[1]},
                        {NTMS_OBJ_INSERT, NTMS_LOGICAL_MEDIA, ids[2]}});
  EXPECT_EQ(side_behind(ids[2]), ids[1]);
  EXPECT_EQ(deallocate(ids[2]), ERROR_SUCCESS) << "it is one like any other";
}

TEST_F(CreateMedia, Names) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  ASSERT_EQ(create(), ERROR_SUCCESS);
  EXPECT_EQ(text(medium_.szName), text(pmid().szSequenceNumber));
  EXPECT_EQ(pmid().BarCodeState, DWORD{NTMS_BARCODESTATE_UNREADABLE});
  describe_medium();
  put(partition().szOmidLabelInfo, NTMS_W("Label"));
  ASSERT_EQ(create(), ERROR_SUCCESS);
  EXPECT_EQ(text(medium_.szName), "Label");
  describe_medium();
  put(partition().szOmidLabelInfo, NTMS_W("Label"));
  put(pmid().szBarCode, NTMS_W("BAR1"));
  ASSERT_EQ(create(), ERROR_SUCCESS);
  EXPECT_EQ(text(medium_.szName), "BAR1");
}

TEST_F(CreateMedia, TwoSides) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  give_second_sides();
  pmid().dwNumberOfPartitions = 2;
  partition(0).State = NTMS_PARTSTATE_ALLOCATED;
  put(partition(0).szOmidLabelInfo, NTMS_W("Label"));
  ASSERT_EQ(create(), ERROR_SUCCESS);
  EXPECT_EQ(text(medium_.szName), text(pmid().szSequenceNumber)) << "labels name one side only";
  EXPECT_EQ(partition(0).Side, 0);
  EXPECT_EQ(partition(1).Side, 1);
  const std::vector<Id> expected{sides_[0].ObjectGuid, sides_[1].ObjectGuid};
  EXPECT_EQ(rsm().list(NTMS_PARTITION, medium_.ObjectGuid), expected);
  EXPECT_FALSE(Id(partition(0).LogicalMedia).is_null());
  EXPECT_TRUE(Id(partition(1).LogicalMedia).is_null());
}

TEST_F(CreateMedia, AnsiStructures) {
  ASSERT_NO_FATAL_FAILURE(start_describing());
  NTMS_OBJECTINFORMATIONA medium{};
  medium.dwSize = sizeof medium;
  medium.dwType = NTMS_PHYSICAL_MEDIA;
  medium.Info.PhysicalMedia.MediaPool = app().guid;
  medium.Info.PhysicalMedia.dwNumberOfPartitions = 1;
  std::strcpy(medium.szName, NTMS_ANSI_GREEN);
  NTMS_OBJECTINFORMATIONA one{};
  one.dwSize = sizeof one;
  one.dwType = NTMS_PARTITION;
  one.Info.Partition.dwOmidLabelIdLength = 1;
  std::strcpy(one.Info.Partition.szOmidLabelType, "T");
  ASSERT_EQ(CreateNtmsMediaA(session(), &medium, &one, 0), ERROR_SUCCESS);
  EXPECT_EQ(text(rsm().get(medium.ObjectGuid).szName), "Gr\xC3\xBCn");
  EXPECT_STREQ(medium.szName, NTMS_ANSI_GREEN);
  medium.dwSize = 472;
  medium.ObjectGuid = {};
  one.ObjectGuid = {};
  EXPECT_EQ(CreateNtmsMediaA(session(), &medium, &one, 0), ERROR_SUCCESS);
  medium.dwSize = 471;
  EXPECT_EQ(CreateNtmsMediaA(session(), &medium, &one, 0), ERROR_INVALID_PARAMETER);
}

}  // namespace
}  // namespace ntms::conformance
