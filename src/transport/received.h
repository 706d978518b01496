// SPDX-License-Identifier: MIT
// What drivers and adapters bring back, taken with care: they are known to report more data than
// was asked for, none where there are some, and sense data of no length. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ntms::transport {

// Memory from which part of the data has arrived, prepared beforehand by fill_untouched(): how many
// bytes the device really sent when the adapter says `reported`. What adapters report may be too
// much, too little or what was left over, so it only counts where the memory bears it out: never
// less than what was written, and more only by as much as chance may hide.
std::size_t bytes_received(std::span<const std::uint8_t> data, std::size_t reported);
void fill_untouched(std::span<std::uint8_t> data);

// The sense data in a buffer that was zero before; none when there is nothing like that in it. They
// say themselves how long they are (SPC-4 4.5); what a driver reports is left out of account.
std::vector<std::uint8_t> sense_in(std::span<const std::uint8_t> buffer);

// Whether a command that ended with these sense data has brought its data all the same: with an
// error the buffer has what it had before, with a remark (NO SENSE, RECOVERED ERROR) the data.
bool comes_with_data(std::span<const std::uint8_t> sense);

}  // namespace ntms::transport
