// SPDX-License-Identifier: MIT
// What the parsers make of bytes, in words: two results are the same when their words are.
#pragma once

#include <string>
#include <vector>

#include "labels/label.h"
#include "scsi/bytes.h"
#include "scsi/element_status.h"
#include "security/descriptor.h"

namespace ntms::corpus {

using Words = std::vector<std::string>;

// Gives the bytes to a parser: "element_status", "mode_sense_6", "mode_sense_10", "inquiry",
// "serial_number", "device_identification", "sense", "report_luns", "tape_alerts", "densities",
// "label" or "descriptor". An error is the one line "error CODE". Of more than 16 elements only the
// first two and the last are shown. An unknown name is "no parser of this name". Any thread.
Words describe(const std::string& parser, scsi::Bytes bytes);

// One element, label or descriptor.
std::string to_words(const scsi::ElementStatus& element);
std::string to_words(const labels::Label& label);
Words to_words(const security::Descriptor& descriptor);

}  // namespace ntms::corpus
