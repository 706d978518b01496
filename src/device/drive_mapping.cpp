// SPDX-License-Identifier: MIT
// Rules for matching, each only when it leaves no doubt.
#include "device/drive_mapping.h"

#include <algorithm>

#include "scsi/text.h"

namespace ntms::device {
namespace {

// A shorter serial number inside a longer text proves nothing.
constexpr std::size_t kShortestTelling = 4;
// Vendor (8) and product (16) before the serial number of the T10 form.
constexpr std::size_t kT10Prefix = 24;

// The serial number an identifier claims.
std::string serial_part(const scsi::DeviceIdentifier& id) {
  if (id.type == scsi::kDesignatorT10 && id.text.size() > kT10Prefix) {
    return scsi::trimmed(id.text.substr(kT10Prefix));
  }
  return scsi::trimmed(id.text);
}

bool names_exactly(const scsi::ElementStatus& element, const DriveCandidate& candidate) {
  if (!element.device) return false;
  const scsi::DeviceIdentifier& id = *element.device;
  const std::string& serial = candidate.identity.serial;
  if (!serial.empty() && serial_part(id) == serial) return true;
  return std::any_of(candidate.designators.begin(), candidate.designators.end(),
                     [&](const scsi::DeviceIdentifier& designator) {
                       return designator.association == 0 && designator.type == id.type &&
                              designator.code_set == id.code_set && designator.text == id.text;
                     });
}

bool contains_serial(const scsi::ElementStatus& element, const DriveCandidate& candidate) {
  const std::string& serial = candidate.identity.serial;
  return element.device && serial.size() >= kShortestTelling &&
         element.device->text.find(serial) != std::string::npos;
}

// What an element says of its drive and what the drive says of itself; an identifier that names
// another drive outweighs an address or a place in a list.
bool contradict(const scsi::ElementStatus& element, const DriveCandidate& candidate) {
  return element.device && !candidate.identity.serial.empty();
}

bool is_at_address(const scsi::ElementStatus& element, const DriveCandidate& candidate) {
  return candidate.place && element.scsi_id == candidate.place->id && !element.other_bus &&
         (!element.scsi_lun || *element.scsi_lun == candidate.place->lun) &&
         !contradict(element, candidate);
}

bool is_configured(const scsi::ElementStatus& element, const DriveCandidate& candidate) {
  return candidate.configured_element == element.address;
}

// What the claim rests on, in words.
std::string words_of(const scsi::ElementStatus& element) {
  if (element.device) return "the element's identifier '" + element.device->text + "'";
  if (element.scsi_id) return "the element's SCSI ID " + std::to_string(*element.scsi_id);
  return "the element";
}

class Mapper {
 public:
  Mapper(std::span<const scsi::ElementStatus> elements, std::span<const DriveCandidate> candidates)
      : elements_(elements),
        candidates_(candidates),
        taken_(candidates.size()),
        matches_(elements.size()) {}

  std::vector<DriveMatch> run(bool eliminate) {
    by_rule(names_exactly, "serial number of the element");
    by_rule(contains_serial, "serial number within the element's identifier");
    by_rule(is_at_address, "SCSI address of the element");
    by_rule(is_configured, "the configuration names it for the element");
    if (eliminate) by_elimination();
    for (std::size_t i = 0; i < matches_.size(); ++i) {
      if (!matches_[i].drive && matches_[i].reason.empty()) matches_[i].reason = why_none(i);
    }
    return std::move(matches_);
  }

 private:
  using Rule = bool (*)(const scsi::ElementStatus&, const DriveCandidate&);

  void by_rule(Rule rule, const char* reason) {
    // First who claims what, then the claims that are unique on both sides.
    std::vector<std::vector<std::size_t>> claims(elements_.size());
    std::vector<std::size_t> claimants(candidates_.size());
    for (std::size_t e = 0; e < elements_.size(); ++e) {
      if (matches_[e].drive) continue;
      for (std::size_t c = 0; c < candidates_.size(); ++c) {
        if (taken_[c] || !rule(elements_[e], candidates_[c])) continue;
        claims[e].push_back(c);
        ++claimants[c];
      }
    }
    for (std::size_t e = 0; e < elements_.size(); ++e) {
      if (claims[e].empty()) continue;
      const std::size_t drive = claims[e].front();
      if (claims[e].size() > 1) {
        matches_[e].reason = "several drives fit " + words_of(elements_[e]);
      } else if (claimants[drive] > 1) {
        matches_[e].reason =
            "another element claims the drive " + candidates_[drive].uri + " as well";
      } else {
        take(e, drive, reason);
      }
    }
  }

  void by_elimination() {
    std::vector<std::size_t> elements_left;
    std::vector<std::size_t> drives_left;
    for (std::size_t e = 0; e < matches_.size(); ++e) {
      if (!matches_[e].drive) elements_left.push_back(e);
    }
    for (std::size_t c = 0; c < taken_.size(); ++c) {
      if (!taken_[c]) drives_left.push_back(c);
    }
    if (elements_left.size() != 1 || drives_left.size() != 1) return;
    const std::size_t e = elements_left.front();
    const DriveCandidate& drive = candidates_[drives_left.front()];
    if (contradict(elements_[e], drive)) {
      matches_[e].reason = "the only drive left, " + drive.uri + ", has the serial number " +
                           drive.identity.serial + ", the element's identifier is '" +
                           elements_[e].device->text + "'";
      return;
    }
    take(e, drives_left.front(), "the only drive left");
  }

  void take(std::size_t element, std::size_t drive, std::string reason) {
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      if (c != drive && is_configured(elements_[element], candidates_[c])) {
        reason += "; the configuration names another, " + candidates_[c].uri;
      }
    }
    matches_[element] = DriveMatch{drive, std::move(reason)};
    taken_[drive] = true;
  }

  std::string why_none(std::size_t element) const {
    if (std::find(taken_.begin(), taken_.end(), false) == taken_.end()) return "no drive is left";
    if (elements_[element].device) {
      return "no drive has the identifier '" + elements_[element].device->text + "'";
    }
    return "the changer does not identify the drive, and more than one could be it";
  }

  std::span<const scsi::ElementStatus> elements_;
  std::span<const DriveCandidate> candidates_;
  std::vector<bool> taken_;
  std::vector<DriveMatch> matches_;
};

}  // namespace

std::vector<DriveMatch> map_drives(std::span<const scsi::ElementStatus> elements,
                                   std::span<const DriveCandidate> candidates,
                                   bool by_elimination) {
  return Mapper(elements, candidates).run(by_elimination);
}

}  // namespace ntms::device
