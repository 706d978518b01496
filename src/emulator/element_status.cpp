// SPDX-License-Identifier: MIT
#include "emulator/element_status.h"

#include "emulator/common_commands.h"
#include "emulator/elements.h"
#include "emulator/quirks.h"

namespace ntms::emulator {
namespace {

constexpr std::size_t kFixedPart = 12;
constexpr std::size_t kVolumeTag = 36;
constexpr std::size_t kIdentifierHeader = 4;
constexpr std::size_t kBarcode = 32;

// Flags of a descriptor (SMC-3 6.11.4 to 6.11.7).
constexpr std::uint8_t kFull = 0x01;
constexpr std::uint8_t kImpExp = 0x02;
constexpr std::uint8_t kExcept = 0x04;
constexpr std::uint8_t kAccess = 0x08;
constexpr std::uint8_t kExportEnabled = 0x10;
constexpr std::uint8_t kImportEnabled = 0x20;
constexpr std::uint8_t kSourceValid = 0x80;
constexpr std::uint8_t kInverted = 0x40;
constexpr std::uint8_t kPrimaryTag = 0x80;

// Why an element does not show what is in it, if it does not.
std::optional<Sense> hidden_by(const Call& call, const Element& element) {
  if (element.removed) return sense::kMagazineRemoved;
  if (element.extended && call.geometry().port_unreported) return sense::kPortNotAccessible;
  return std::nullopt;
}

// Builds the report page by page: a page per run of elements of one type.
class Report {
 public:
  Report(const Call& call, const Quirks& quirks, bool tags, bool identifiers)
      : call_(call), quirks_(quirks), tags_(tags), identifiers_(identifiers), bytes_(8) {}

  void reserve(std::size_t elements) {
    bytes_.reserve(64 + elements * (kFixedPart + kVolumeTag + kIdentifierHeader));
  }

  void add(Element element) {
    const auto hidden = hidden_by(call_, element);
    if (hidden) {
      element.cartridge.reset();
      element.source.reset();
    }
    if (count_ == 0) {
      const std::int64_t off = quirks_.has(NTMS_EMULATOR_QUIRK_WRONG_FIRST_ELEMENT) ? 1 : 0;
      scsi::put_be16(bytes_, 0, static_cast<std::uint32_t>(element.address + off));
    }
    if (count_ == 0 || element.type != type_) begin_page(element.type);
    ++count_;
    const std::size_t at = bytes_.size();
    bytes_.resize(at + length_);
    scsi::put_be16(bytes_, at, static_cast<std::uint32_t>(element.address));
    bytes_[at + 2] = flags(element);
    if (hidden) {
      bytes_[at + 2] |= kExcept;
      bytes_[at + 4] = hidden->asc;
      bytes_[at + 5] = hidden->ascq;
    }
    if (element.source) {
      bytes_[at + 9] = static_cast<std::uint8_t>(kSourceValid | (element.inverted ? kInverted : 0));
      scsi::put_be16(bytes_, at + 10, static_cast<std::uint32_t>(*element.source));
    }
    std::size_t next = at + kFixedPart;
    if (tags_) {
      if (element.full()) put_tag(next, element.barcode);
      next += kVolumeTag;
    }
    if (identifiers_ && element.type == ElementType::drive) {
      const auto designator = designator_of(static_cast<std::uint32_t>(element.number));
      bytes_[next] = 0x02;                         // ASCII
      bytes_[next + 1] = serials() ? 0x00 : 0x01;  // vendor specific, or T10 vendor identification
      bytes_[next + 3] = static_cast<std::uint8_t>(designator.size());
      std::copy(designator.begin(), designator.end(),
                bytes_.begin() + static_cast<std::ptrdiff_t>(next + kIdentifierHeader));
    }
  }

  std::vector<std::uint8_t> finish() {
    end_page();
    scsi::put_be16(bytes_, 2, count_);
    scsi::put_be24(bytes_, 5, static_cast<std::uint32_t>(bytes_.size() - 8));
    if (quirks_.has(NTMS_EMULATOR_QUIRK_SHORT_REPLIES) && count_ != 0) {
      constexpr std::size_t kMissing = 8;
      bytes_.resize(bytes_.size() - kMissing);
    }
    return std::move(bytes_);
  }

 private:
  void begin_page(ElementType type) {
    end_page();
    type_ = type;
    length_ = kFixedPart + (tags_ ? kVolumeTag : 0) + kIdentifierHeader;
    if (identifiers_ && type == ElementType::drive) {
      // All descriptors of a page are of one length: that of the longest serial number.
      length_ += designator_of(call_.geometry().drives - 1).size();
    }
    page_ = bytes_.size();
    bytes_.resize(page_ + 8);
    bytes_[page_] = static_cast<std::uint8_t>(type);
    bytes_[page_ + 1] = tags_ ? kPrimaryTag : 0;
    scsi::put_be16(bytes_, page_ + 2, static_cast<std::uint32_t>(length_));
  }

  void end_page() {
    if (page_ == 0) return;
    scsi::put_be24(bytes_, page_ + 5, static_cast<std::uint32_t>(bytes_.size() - page_ - 8));
  }

  // Whether a drive is named by its serial number alone.
  bool serials() const { return quirks_.has(NTMS_EMULATOR_QUIRK_SERIAL_DEVICE_IDS); }

  std::vector<std::uint8_t> designator_of(std::uint32_t drive) const {
    if (!serials()) return drive_designator(call_.geometry(), drive);
    const std::string serial = call_.geometry().drive_serial(drive);
    return {serial.begin(), serial.end()};
  }

  std::uint8_t flags(const Element& element) const {
    std::uint8_t bits = element.full() ? kFull : 0;
    if (element.type == ElementType::transport) return bits;
    if (!quirks_.has(NTMS_EMULATOR_QUIRK_NO_ACCESS) && accessible(call_.file, element)) {
      bits |= kAccess;
    }
    if (element.type == ElementType::port) {
      bits |= kExportEnabled | kImportEnabled;
      if (element.full() && element.imported) bits |= kImpExp;
    }
    return bits;
  }

  void put_tag(std::size_t at, const std::string& barcode) {
    for (std::size_t i = 0; i < kBarcode; ++i) {
      bytes_[at + i] = i < barcode.size() ? static_cast<std::uint8_t>(barcode[i]) : ' ';
    }
  }

  const Call& call_;
  const Quirks& quirks_;
  bool tags_;
  bool identifiers_;
  std::vector<std::uint8_t> bytes_;
  std::size_t page_ = 0;  // where the open page begins; 0: none yet
  std::size_t length_ = 0;
  ElementType type_ = ElementType::all;
  std::uint32_t count_ = 0;
};

}  // namespace

bool accessible(LibraryFile& file, const Element& element) {
  const Geometry& geometry = file.geometry();
  if (element.removed) return false;
  // A port that a move has extended lets the arm in all the same.
  if (element.extended) return geometry.move_extends() && !geometry.port_unreported;
  if (element.type != ElementType::drive) return true;
  const std::int64_t now = file.now_ms();
  const std::int64_t late = Quirks(file.db()).value(NTMS_EMULATOR_QUIRK_LATE_ACCESS);
  if (Elements(file).just_unloaded(element, now, late)) return false;
  return !geometry.unload_before_move || !Elements(file).holds(element, now);
}

Answer read_element_status(const Call& call) {
  const std::uint8_t type = call.byte(1) & 0x0F;
  const bool tags = (call.byte(1) & 0x10) != 0 && call.geometry().bar_code_reader;
  const std::int64_t start = call.be16(2);
  const Quirks quirks(call.db());
  const bool all = quirks.has(NTMS_EMULATOR_QUIRK_NO_ELEMENT_COUNT);
  const std::int64_t number = all ? 0xFFFF : call.be16(4);
  const bool identifiers = (call.byte(6) & 0x01) != 0;
  if (type > static_cast<std::uint8_t>(ElementType::drive)) return check(sense::kInvalidField);
  if (identifiers && quirks.has(NTMS_EMULATOR_QUIRK_NO_DEVICE_IDS)) {
    return check(sense::kInvalidField);
  }
  if (identifiers && (call.byte(1) & 0x10) != 0 &&
      quirks.has(NTMS_EMULATOR_QUIRK_TAGS_OR_DEVICE_IDS)) {
    return check(sense::kInvalidField);
  }
  Report report(call, quirks, tags, identifiers);
  report.reserve(static_cast<std::size_t>(
      std::min<std::int64_t>(number, call.geometry().count(static_cast<ElementType>(type)))));
  Elements(call.file).each(static_cast<ElementType>(type), start, number,
                           [&](const Element& element) { report.add(element); });
  auto data = report.finish();
  const bool low_bytes_only = quirks.has(NTMS_EMULATOR_QUIRK_SHORT_ALLOCATION);
  return good(std::move(data), low_bytes_only ? call.be16(8) : call.be24(7));
}

}  // namespace ntms::emulator
