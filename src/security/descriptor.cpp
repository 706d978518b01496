// SPDX-License-Identifier: MIT
#include "security/descriptor.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>

#include "ntms/win32_types.h"

namespace ntms::security {
namespace {

constexpr std::size_t kHead = 4;           // revision, reserved, control
constexpr std::size_t kRelativeHead = 20;  // with the offsets of the four parts
constexpr std::size_t kSidHead = 8;        // revision, count, authority
constexpr std::size_t kMostSubAuthorities = 15;
constexpr std::size_t kAclHead = 8;           // revision, size, number of entries
constexpr std::size_t kEntryHead = 4;         // type, flags, size
constexpr std::size_t kEntrySid = 8;          // behind the mask
constexpr std::uint8_t kLastSimpleType = 3;   // allowed, denied, audit, alarm: a mask and a SID
constexpr std::uint8_t kLastMaskType = 0x10;  // the types up to here have a mask in one place
constexpr std::uint8_t kCompoundType = 4;     // but for this one
constexpr std::uint8_t kFirstRevision = 2;
constexpr std::uint8_t kLastRevision = 4;

template <class T>
T value_at(const std::uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

template <class T>
void put_at(std::uint8_t* bytes, T value) {
  std::memcpy(bytes, &value, sizeof value);
}

Error malformed(const char* what) {
  return fail(ERROR_INVALID_PARAMETER,
              std::string("the security descriptor's ") + what + " is not well formed");
}

// The size that a SID claims; nothing when it is none. `bytes` has room for its head.
std::optional<std::size_t> sid_size(const std::uint8_t* bytes) {
  if (bytes[0] != 1 || bytes[1] > kMostSubAuthorities) return std::nullopt;
  return kSidHead + std::size_t{bytes[1]} * sizeof(std::uint32_t);
}

bool is_entry(ByteView entry) {
  if (entry[0] > kLastSimpleType) return true;  // of a type that grants and denies nothing here
  if (entry.size() < kEntrySid + kSidHead) return false;
  const auto sid = sid_size(entry.data() + kEntrySid);
  return sid && kEntrySid + *sid <= entry.size();
}

// Whether a list of exactly this size is well formed.
bool is_acl(ByteView acl) {
  if (acl[0] < kFirstRevision || acl[0] > kLastRevision) return false;
  const auto count = value_at<std::uint16_t>(acl.data() + 4);
  std::size_t at = kAclHead;
  for (std::uint16_t i = 0; i < count; ++i) {
    if (acl.size() - at < kEntryHead) return false;
    const auto size = value_at<std::uint16_t>(acl.data() + at + 2);
    if (size < kEntryHead || size % 4 != 0 || size > acl.size() - at) return false;
    if (!is_entry(acl.subspan(at, size))) return false;
    at += size;
  }
  return true;
}

// Where a part begins, and how many bytes there are at most.
struct Place {
  const std::uint8_t* bytes = nullptr;  // null: the part is not there
  std::size_t most = 0;
};

Result<ByteView> sid_at(const Place& place, const char* what) {
  if (place.bytes == nullptr) return ByteView{};
  const auto size = place.most < kSidHead ? std::nullopt : sid_size(place.bytes);
  if (!size || *size > place.most) return malformed(what);
  return ByteView(place.bytes, *size);
}

Result<ByteView> acl_at(const Place& place, const char* what) {
  if (place.bytes == nullptr) return ByteView{};
  if (place.most < kAclHead) return malformed(what);
  const auto size = value_at<std::uint16_t>(place.bytes + 2);
  if (size < kAclHead || size > place.most) return malformed(what);
  const ByteView acl(place.bytes, size);
  if (!is_acl(acl)) return malformed(what);
  return acl;
}

// Owner, group, SACL and DACL, in the order of the descriptor.
using Places = std::array<Place, 4>;

Result<Descriptor> collect(std::uint16_t control, const Places& places) {
  Descriptor parts;
  parts.control = static_cast<std::uint16_t>(control & ~kSelfRelative);
  const auto owner = sid_at(places[0], "owner");
  if (!owner) return owner.error();
  const auto group = sid_at(places[1], "group");
  if (!group) return group.error();
  parts.owner = *owner;
  parts.group = *group;
  if (parts.has_sacl()) {
    const auto sacl = acl_at(places[2], "SACL");
    if (!sacl) return sacl.error();
    parts.sacl = *sacl;
  }
  if (parts.has_dacl()) {
    const auto dacl = acl_at(places[3], "DACL");
    if (!dacl) return dacl.error();
    parts.dacl = *dacl;
  }
  return parts;
}

// The places of a self-relative descriptor; `most` bytes of it may be read.
Result<Descriptor> parse_relative(const std::uint8_t* bytes, std::size_t most) {
  Places places;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto offset = value_at<std::uint32_t>(bytes + kHead + i * sizeof(std::uint32_t));
    if (offset == 0) continue;
    if (offset < kRelativeHead || offset > most) return malformed("layout");
    places[i] = {bytes + offset, most - offset};
  }
  return collect(value_at<std::uint16_t>(bytes + 2), places);
}

// Calls `visit(offset, size)` for each entry of a well-formed list until it returns false.
template <class F>
void walk(ByteView acl, F&& visit) {
  if (acl.empty()) return;
  const auto count = value_at<std::uint16_t>(acl.data() + 4);
  std::size_t at = kAclHead;
  for (std::uint16_t i = 0; i < count; ++i) {
    const std::size_t size = value_at<std::uint16_t>(acl.data() + at + 2);
    if (!visit(at, size)) return;
    at += size;
  }
}

}  // namespace

Result<Descriptor> parse(ByteView bytes) {
  if (bytes.size() < kRelativeHead || bytes[0] != 1 ||
      (value_at<std::uint16_t>(bytes.data() + 2) & kSelfRelative) == 0) {
    return malformed("head");
  }
  return parse_relative(bytes.data(), bytes.size());
}

Result<Descriptor> parse_callers(const void* descriptor) {
  const auto* bytes = static_cast<const std::uint8_t*>(descriptor);
  if (bytes[0] != 1) return malformed("head");
  const auto control = value_at<std::uint16_t>(bytes + 2);
  if ((control & kSelfRelative) != 0) return parse_relative(bytes, SIZE_MAX);
  Places places;
  for (std::size_t i = 0; i < places.size(); ++i) {
    // Pointers are aligned: there is a gap behind the head where they have 8 bytes.
    const auto* part = value_at<const std::uint8_t*>(bytes + sizeof(void*) * (i + 1));
    if (part != nullptr) places[i] = {part, SIZE_MAX};
  }
  return collect(control, places);
}

std::vector<std::uint8_t> build(const Descriptor& parts) {
  std::vector<std::uint8_t> bytes(kRelativeHead);
  bytes[0] = 1;
  put_at(bytes.data() + 2, static_cast<std::uint16_t>(parts.control | kSelfRelative));
  const std::array<ByteView, 4> all{parts.owner, parts.group,
                                    parts.has_sacl() ? parts.sacl : ByteView{},
                                    parts.has_dacl() ? parts.dacl : ByteView{}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].empty()) continue;
    put_at(bytes.data() + kHead + i * sizeof(std::uint32_t),
           static_cast<std::uint32_t>(bytes.size()));
    bytes.insert(bytes.end(), all[i].begin(), all[i].end());
    bytes.resize((bytes.size() + 3) / 4 * 4);  // the parts are aligned
  }
  return bytes;
}

void for_each_entry(ByteView acl, const std::function<bool(const Entry&)>& visit) {
  walk(acl, [&](std::size_t at, std::size_t) {
    Entry entry;
    entry.type = acl[at];
    entry.flags = acl[at + 1];
    if (entry.type <= kAccessDenied) {
      entry.mask = value_at<std::uint32_t>(acl.data() + at + kEntryHead);
      const std::uint8_t* sid = acl.data() + at + kEntrySid;
      entry.sid = ByteView(sid, sid_size(sid).value_or(0));
    }
    return visit(entry);
  });
}

AclBuilder::AclBuilder() : bytes_(kAclHead) {
  bytes_[0] = kFirstRevision;
}

void AclBuilder::allow(std::uint32_t mask, ByteView sid) {
  std::vector<std::uint8_t> entry(kEntrySid + sid.size());
  entry[0] = kAccessAllowed;
  put_at(entry.data() + 2, static_cast<std::uint16_t>(entry.size()));
  put_at(entry.data() + kEntryHead, mask);
  std::memcpy(entry.data() + kEntrySid, sid.data(), sid.size());
  add(entry);
}

void AclBuilder::add_all(ByteView acl) {
  if (acl.empty()) return;
  if (acl[0] > bytes_[0]) bytes_[0] = acl[0];  // the newest kind of entry
  walk(acl, [&](std::size_t at, std::size_t size) {
    std::vector<std::uint8_t> entry(acl.begin() + static_cast<std::ptrdiff_t>(at),
                                    acl.begin() + static_cast<std::ptrdiff_t>(at + size));
    entry[1] = static_cast<std::uint8_t>(entry[1] & ~kInheritOnly);
    add(entry);
    return true;
  });
}

void AclBuilder::add(ByteView entry) {
  bytes_.insert(bytes_.end(), entry.begin(), entry.end());
  ++count_;
}

Result<std::vector<std::uint8_t>> AclBuilder::take() {
  if (bytes_.size() > UINT16_MAX) {
    return fail(ERROR_INVALID_PARAMETER, "the access control list has no room for more entries");
  }
  put_at(bytes_.data() + 2, static_cast<std::uint16_t>(bytes_.size()));
  put_at(bytes_.data() + 4, static_cast<std::uint16_t>(count_));
  return std::move(bytes_);
}

void map_masks(std::span<std::uint8_t> acl,
               const std::function<std::uint32_t(std::uint32_t)>& map) {
  walk(acl, [&](std::size_t at, std::size_t size) {
    const std::uint8_t type = acl[at];
    if (type <= kLastMaskType && type != kCompoundType && size >= kEntrySid) {
      std::uint8_t* mask = acl.data() + at + kEntryHead;
      put_at(mask, map(value_at<std::uint32_t>(mask)));
    }
    return true;
  });
}

}  // namespace ntms::security
