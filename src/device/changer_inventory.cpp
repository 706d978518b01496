// SPDX-License-Identifier: MIT
// Reading element status from changers that each do it differently.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "device/changer.h"
#include "device/win32_codes.h"
#include "scsi/commands.h"

namespace ntms::device {
namespace asio = boost::asio;

namespace {

// More elements in one request have been refused or silently capped.
constexpr std::uint32_t kMostElements = 1000;

std::size_t index_of(ElementType type) {
  return static_cast<std::size_t>(type) - 1;
}

// Room for `count` descriptors of twice the usual size, and for a device that sends others too.
std::size_t allocation_for(std::uint32_t count) {
  return std::min<std::size_t>(scsi::kMaxElementStatusLength, 1024 + std::size_t{count} * 256);
}

std::uint32_t inventory_error(ElementType type) {
  switch (type) {
    case ElementType::transport:
      return kErrorUnableToInventoryTransport;
    case ElementType::data_transfer:
      return kErrorUnableToInventoryDrive;
    case ElementType::storage:
    case ElementType::import_export:
      break;
  }
  return kErrorUnableToInventorySlot;
}

}  // namespace

// Reads `range` in steps, with volume tags unless the device refuses them for this type, or with
// the drives' identifiers: some devices cannot do both in one request.
asio::awaitable<Result<std::vector<ElementStatus>>> Changer::walk(ElementType type,
                                                                  ElementRange range,
                                                                  bool device_ids) {
  const std::size_t index = index_of(type);
  std::vector<ElementStatus> found;
  std::vector<bool> seen(0x10000);
  bool tags = !device_ids && !tags_refused_[index];
  bool refused_once = false;
  bool dropped_tags = false;
  std::uint32_t next = range.first;
  const std::uint32_t end = next + range.count;
  while (next < end) {
    scsi::ElementStatusRequest request;
    request.type = type;
    request.start = static_cast<std::uint16_t>(next);
    request.count = static_cast<std::uint16_t>(std::min(end - next, kMostElements));
    request.volume_tags = tags;
    request.device_ids = device_ids;
    request.allocation_length = allocation_for(request.count);
    Commander::Outcome outcome = co_await commander_.repeatable(scsi::read_element_status(request));
    if (!outcome.verdict.ok()) {
      if (tags && is_refusal(outcome.verdict)) {
        if (!refused_once) {
          refused_once = true;  // a single refusal proves nothing
          continue;
        }
        // Without the bar codes that it has told before, every cartridge would look like another.
        if (tags_accepted_[index]) co_return to_error(outcome.verdict);
        tags = false;
        dropped_tags = true;
        continue;
      }
      // Fewer elements than the element map promised.
      if (next > range.first && outcome.verdict.sense.is(scsi::kIllegalRequest, 0x21, 0x01)) break;
      co_return to_error(outcome.verdict);
    }
    Result<scsi::ElementStatusReport> report = scsi::parse_element_status(outcome.data);
    if (!report) co_return fail(inventory_error(type), report.error().reason);
    // Only now is it certain that it was the tags that were refused.
    if (dropped_tags) tags_refused_[index] = true;
    // A device without a reader accepts the bit and sends pages without tags.
    if (tags && report->volume_tags) tags_accepted_[index] = true;
    // A descriptor cut off by our own allocation length is there whole in the next reply.
    if (report->last_cut_short && outcome.data.size() >= request.allocation_length &&
        report->elements.size() > 1) {
      report->elements.pop_back();
    }
    std::uint32_t reached = next;
    for (ElementStatus& element : report->elements) {
      if (element.type != type || !range.contains(element.address) || seen[element.address]) {
        continue;
      }
      seen[element.address] = true;
      reached = std::max<std::uint32_t>(reached, element.address + 1U);
      found.push_back(std::move(element));
    }
    if (reached == next) break;  // the device has no more to tell
    next = reached;
  }
  std::sort(found.begin(), found.end(),
            [](const ElementStatus& a, const ElementStatus& b) { return a.address < b.address; });
  co_return found;
}

// Adds the drives' identifiers as far as the device tells them. Only a lost device is an error: the
// identifiers serve to tell drives apart, and there are other ways to do that.
asio::awaitable<Result<void>> Changer::add_device_ids(ElementRange range,
                                                      std::vector<ElementStatus>& drives) {
  if (device_ids_refused_ || drives.empty()) co_return Result<void>();
  Result<std::vector<ElementStatus>> identified =
      co_await walk(ElementType::data_transfer, range, true);
  if (!identified) {
    const Verdict& verdict = commander_.last_verdict();
    if (verdict.delivery != scsi::Delivery::delivered) co_return identified.error();
    if (verdict.sense.valid && verdict.sense.key == scsi::kIllegalRequest) {
      device_ids_refused_ = true;
    }
    co_return Result<void>();
  }
  std::unordered_map<std::uint16_t, ElementStatus*> by_address;
  for (ElementStatus& element : *identified) by_address[element.address] = &element;
  for (ElementStatus& drive : drives) {
    const auto entry = by_address.find(drive.address);
    if (entry == by_address.end() || !entry->second->device) continue;
    drive.device = std::move(entry->second->device);
  }
  co_return Result<void>();
}

asio::awaitable<Result<std::vector<ElementStatus>>> Changer::read_elements(
    ElementType type, std::optional<ElementRange> part) {
  const ElementRange range = part.value_or(geometry_.of(type));
  Result<std::vector<ElementStatus>> elements = co_await walk(type, range, false);
  // Right after magazines or media were changed by hand, some devices report nothing once.
  if (elements && elements->empty() && !part && range.count != 0) {
    elements = co_await walk(type, range, false);
  }
  if (elements && type == ElementType::data_transfer) {
    Result<void> added = co_await add_device_ids(range, *elements);
    if (!added) co_return added.error();
  }
  co_return elements;
}

asio::awaitable<Result<Inventory>> Changer::read_inventory() {
  Inventory inventory;
  for (const ElementType type : scsi::kElementTypes) {
    Result<std::vector<ElementStatus>> elements = co_await read_elements(type);
    if (!elements) {
      const bool refused = is_refusal(commander_.last_verdict());
      if (type != ElementType::transport || !refused) co_return elements.error();
      continue;
    }
    inventory.volume_tags =
        inventory.volume_tags || tags_accepted_[index_of(type)] ||
        std::any_of(elements->begin(), elements->end(),
                    [](const ElementStatus& element) { return !element.volume_tag.empty(); });
    switch (type) {
      case ElementType::transport:
        inventory.transports = std::move(*elements);
        break;
      case ElementType::storage:
        inventory.slots = std::move(*elements);
        break;
      case ElementType::import_export:
        inventory.ports = std::move(*elements);
        break;
      case ElementType::data_transfer:
        inventory.drives = std::move(*elements);
        break;
    }
  }
  co_return inventory;
}

}  // namespace ntms::device
