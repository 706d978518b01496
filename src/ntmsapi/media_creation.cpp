// SPDX-License-Identifier: MIT
// The creation of offline media (functions-objects 3).
#include "server/media_creation.h"

#include <cstring>
#include <type_traits>

#include "boundary.h"
#include "caller_text.h"
#include "export.h"
#include "object_codec.h"
#include "object_codec_layout.h"

namespace {

using ntms::fail;
using ntms::Result;
using ntms::abi::Ansi;
using ntms::abi::Call;
using ntms::abi::guid_of;
using ntms::abi::Layout;
using ntms::abi::missing;
using ntms::abi::text_of;
using ntms::abi::Wide;
using ntms::server::MediaCreation;
using ntms::server::NewMedium;
using ntms::server::NewSide;

// A copy of a caller's structure with the member for T: of the size stated, which is that of the
// whole structure or ends with that member.
// Error: ERROR_INVALID_PARAMETER for another size or another type.
template <class Information, class T>
Result<Information> read(const void* from) {
  constexpr std::size_t kUsed = ntms::abi::used_size<Information, T>();
  Information in;
  std::memset(&in, 0, sizeof in);
  std::memcpy(&in.dwSize, from, sizeof in.dwSize);
  if (in.dwSize != sizeof in && in.dwSize != kUsed) {
    return fail(ERROR_INVALID_PARAMETER, "dwSize is not that of the structure");
  }
  std::memcpy(&in, from, kUsed);
  if (in.dwType != ntms::store::Table<T>::type) {
    return fail(ERROR_INVALID_PARAMETER, "dwType is not that of the structure");
  }
  return in;
}

// Takes over a text, or the error of text_of().
template <class Array>
Result<void> take_text(const Array& from, const char* member, std::string& to) {
  auto text = text_of(from, member);
  if (!text) return text.error();
  to = *std::move(text);
  return {};
}

template <class Information>
Result<NewMedium> to_medium(const Information& in) {
  NewMedium medium;
  const auto& info = in.Info.PhysicalMedia;
  if (auto read = take_text(in.szName, "szName", medium.name); !read) return read.error();
  if (auto read = take_text(in.szDescription, "szDescription", medium.description); !read) {
    return read.error();
  }
  if (auto read = take_text(info.szBarCode, "szBarCode", medium.bar_code); !read)
    return read.error();
  medium.id = guid_of(in.ObjectGuid);
  medium.enabled = in.Enabled != FALSE;
  medium.library = guid_of(info.CurrentLibrary);
  medium.pool = guid_of(info.MediaPool);
  medium.number_of_sides = info.dwNumberOfPartitions;
  medium.media_type_code = info.dwMediaTypeCode;
  medium.density_code = info.dwDensityCode;
  return medium;
}

template <class Information>
Result<NewSide> to_side(const Information& in) {
  NewSide side;
  const auto& info = in.Info.Partition;
  if (auto read = take_text(in.szName, "szName", side.name); !read) return read.error();
  if (auto read = take_text(in.szDescription, "szDescription", side.description); !read) {
    return read.error();
  }
  if (auto read = take_text(info.szOmidLabelType, "szOmidLabelType", side.omid_type); !read) {
    return read.error();
  }
  if (auto read = take_text(info.szOmidLabelInfo, "szOmidLabelInfo", side.omid_info); !read) {
    return read.error();
  }
  if (info.dwOmidLabelIdLength > NTMS_OMIDLABELID_LENGTH) {
    return fail(ERROR_INVALID_PARAMETER, "dwOmidLabelIdLength is more than 255");
  }
  side.omid_id.assign(info.OmidLabelId, info.OmidLabelId + info.dwOmidLabelIdLength);
  side.id = guid_of(in.ObjectGuid);
  side.enabled = in.Enabled != FALSE;
  side.logical_medium = guid_of(info.LogicalMedia);
  side.state = info.State;
  side.mount_count = info.dwMountCount;
  side.allocate_count = info.dwAllocateCount;
  side.capacity = info.Capacity.QuadPart;
  return side;
}

template <class Charset>
DWORD create(HANDLE session, const char* name, typename Charset::Current* medium,
             typename Charset::Current* list, DWORD options) noexcept {
  using Information = typename Charset::Current;
  return ntms::abi::run(session, name, [&](Call& call) -> Result<void> {
    if (medium == nullptr) return missing("lpMedia");
    if (list == nullptr) return missing("lpList");
    const auto given = read<Information, ntms::model::PhysicalMedium>(medium);
    if (!given) return given.error();
    auto wanted = to_medium(*given);
    if (!wanted) return wanted.error();
    // A number of sides that no medium has is refused without a look at so many of them.
    const DWORD count =
        wanted->number_of_sides <= ntms::server::kMostSides ? wanted->number_of_sides : 0;
    for (DWORD i = 0; i < count; ++i) {
      const auto in = read<Information, ntms::model::Side>(list + i);
      if (!in) return in.error();
      auto side = to_side(*in);
      if (!side) return side.error();
      wanted->sides.push_back(*std::move(side));
    }
    const auto created = MediaCreation(call.database, call.session).create(*wanted, options);
    if (!created) return created.error();
    ntms::abi::encode<Charset>(created->medium, Layout::current, medium);
    for (DWORD i = 0; i < count; ++i) {
      ntms::abi::encode<Charset>(created->sides[i], Layout::current, list + i);
    }
    return {};
  });
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI CreateNtmsMediaA(HANDLE hSession, LPNTMS_OBJECTINFORMATIONA lpMedia,
                                          LPNTMS_OBJECTINFORMATIONA lpList, DWORD dwOptions) {
  return create<Ansi>(hSession, "CreateNtmsMediaA", lpMedia, lpList, dwOptions);
}

NTMS_EXPORT DWORD WINAPI CreateNtmsMediaW(HANDLE hSession, LPNTMS_OBJECTINFORMATIONW lpMedia,
                                          LPNTMS_OBJECTINFORMATIONW lpList, DWORD dwOptions) {
  return create<Wide>(hSession, "CreateNtmsMediaW", lpMedia, lpList, dwOptions);
}

}  // extern "C"
