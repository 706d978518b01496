// SPDX-License-Identifier: MIT
// READ ELEMENT STATUS (SMC-3 6.11).
#pragma once

#include "emulator/call.h"
#include "emulator/elements.h"

namespace ntms::emulator {

Answer read_element_status(const Call& call);

// Whether the arm can reach an element (its ACCESS bit).
bool accessible(LibraryFile& file, const Element& element);

}  // namespace ntms::emulator
