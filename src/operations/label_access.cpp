// SPDX-License-Identifier: MIT
#include "operations/label_access.h"

#include <algorithm>

#include "device/tape.h"
#include "labels/free_label.h"
#include "operations/identify.h"
#include "operations/identity.h"
#include "operations/label_reader.h"
#include "operations/sides.h"

namespace ntms::operations {
namespace asio = boost::asio;

namespace {

constexpr std::uint32_t kLabelBytes = 65'536;  // of a tape's first block

// The side that is up in the drive of a request, and its cartridge.
struct Subject {
  model::Side side;
  model::PhysicalMedium medium;
  std::vector<model::Side> others;
};

// `up` null: the side that the request is about.
Result<Subject> find_subject(LibraryContext& context, const Guid& request_id, const Guid& up) {
  return context.db.read([&](store::Reader& reader) -> Result<Subject> {
    const auto request = reader.find<model::LibraryRequest>(request_id);
    if (!request) return fail(ERROR_CANCELLED, "the request is gone");
    auto medium = reader.find<model::PhysicalMedium>(request->medium);
    auto sides = sides_of(reader, request->medium);
    if (!medium || sides.empty()) return fail(ERROR_INVALID_MEDIA, "the cartridge was deleted");
    Subject subject;
    subject.medium = *std::move(medium);
    const Guid wanted = up.is_null() ? request->side : up;
    const auto found = std::find_if(sides.begin(), sides.end(),
                                    [&](const model::Side& side) { return side.id == wanted; });
    const auto side = found == sides.end() ? sides.begin() : found;
    subject.side = *side;
    sides.erase(side);
    subject.others = std::move(sides);
    return subject;
  });
}

std::string in_words(const std::optional<labels::Label>& label) {
  if (!label) return "no label that anybody knows";
  return "\"" + label->type + "\" \"" + label->info + "\"";
}

// Another cartridge than the recorded one: its place is corrected, and what follows is queued.
Result<void> correct_place(LibraryContext& context, const Guid& request, const Guid& side,
                           const std::optional<labels::Label>& found) {
  return context.db.write([&](store::Writer& writer) -> Result<void> {
    const auto identity = settle_identity(writer, side, found, {.follow_up = false});
    if (!identity || !identity->another) return {};
    follow_up(writer, context, request, identity->look_at, identity->expected_is_lost);
    return {};
  });
}

bool is_label_of(const labels::Label& label, const model::Side& side) {
  return !side.omid_id.empty() && label.type == side.omid_type && label.id == side.omid_id;
}

// Whether a label of the cartridge is that of another side than the one that should be up. The free
// labels of both sides have the same identifier and say which side they are on; of what programs
// write there only the identifier is believed.
bool is_other_side(const labels::Label& label, const Subject& subject) {
  const bool own = is_label_of(label, subject.side);
  const bool others =
      std::any_of(subject.others.begin(), subject.others.end(),
                  [&](const model::Side& other) { return is_label_of(label, other); });
  if (!others) return false;
  if (label.type == labels::kFreeMedia && label.side) return *label.side != subject.side.side;
  return !own && !subject.side.omid_id.empty();
}

asio::awaitable<Result<LabelCheck>> verify(LibraryContext& context, device::Drive& drive,
                                           Guid request, const Subject& subject) {
  const model::Side& side = subject.side;
  const bool any = std::any_of(subject.others.begin(), subject.others.end(),
                               [](const model::Side& other) { return !other.omid_id.empty(); });
  if (side.omid_id.empty() && !any) co_return LabelCheck::right;
  const auto found = co_await context.labels->read(drive, context.log, context.name);
  if (!found) co_return found.error();
  if (*found && is_other_side(**found, subject)) co_return LabelCheck::other_side;
  if (side.omid_id.empty() || (*found && is_label_of(**found, side))) {
    co_return LabelCheck::right;
  }
  if (const auto corrected = correct_place(context, request, side.id, *found); !corrected) {
    context.log->error("{}: {}", context.name, corrected.error().reason);
  }
  labels::Label expected;
  expected.type = side.omid_type;
  expected.info = side.omid_info;
  co_return fail(ERROR_INVALID_MEDIA, subject.medium.name + " should have the label " +
                                          in_words(expected) + " and has " + in_words(*found));
}

}  // namespace

asio::awaitable<Result<LabelCheck>> verify_label(LibraryContext& context, device::Drive& drive,
                                                 Guid request) {
  const auto subject = find_subject(context, request, Guid{});
  if (!subject) co_return subject.error();
  co_return co_await verify(context, drive, request, *subject);
}

Labelling new_labelling(const LibraryContext& context) {
  Labelling labelling;
  labelling.id = Guid::make();
  labelling.family = static_cast<std::uint32_t>(Guid::make().bytes[0]) + 1;
  labelling.written = context.clock.utc_us() / 1'000'000;
  return labelling;
}

asio::awaitable<Result<WrittenLabel>> write_free_label(LibraryContext& context,
                                                       device::Drive& drive, Guid request,
                                                       Guid side, Labelling labelling) {
  const auto subject = find_subject(context, request, side);
  if (!subject) co_return subject.error();
  if (drive.device_type() != scsi::kTypeTape) {
    co_return fail(ERROR_NOT_SUPPORTED, "media of this kind cannot be prepared here");
  }
  const auto right = co_await verify(context, drive, request, *subject);
  if (!right) co_return right.error();
  if (*right == LabelCheck::other_side) {
    co_return fail(ERROR_INVALID_MEDIA, subject->medium.name + " shows its other side");
  }
  labels::FreeLabel label;
  label.id = labelling.id;
  label.bar_code = subject->medium.bar_code;
  label.name = subject->medium.name;
  label.side = subject->side.side;
  label.family = labelling.family;
  label.written = labelling.written;
  const auto block = labels::make_free_label(label);
  if (const auto written = co_await device::write_first_block(drive, block); !written) {
    co_return written.error();
  }
  const auto back = co_await device::read_first_block(drive, kLabelBytes);
  if (!back) co_return back.error();
  if (!*back || !std::equal(block.begin(), block.end(), (*back)->begin(), (*back)->end())) {
    co_return fail(ERROR_INVALID_MEDIA,
                   subject->medium.name + " does not read back the label that was written");
  }
  const auto read = labels::claim_free_label(block);
  WrittenLabel result;
  result.side = subject->side.id;
  result.type = read->type;
  result.id = read->id;
  result.info = read->info;
  co_return result;
}

}  // namespace ntms::operations
