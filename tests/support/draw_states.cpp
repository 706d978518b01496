// SPDX-License-Identifier: MIT
// draw_states - prints docs/states.md as the tables of the state machines give it.
#include <cstdio>

#include "support/state_document.h"

int main() {
  return std::fputs(ntms::test::draw_states().c_str(), stdout) < 0 ? 1 : 0;
}
