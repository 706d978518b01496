// SPDX-License-Identifier: MIT
// corpus_bytes OUTPUT CAPTURE...: writes the bytes of each capture to a file of its name in OUTPUT,
// the seeds of the fuzz targets.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "corpus/capture.h"

int main(int count, char** arguments) {
  if (count < 3) {
    std::fputs("usage: corpus_bytes OUTPUT CAPTURE...\n", stderr);
    return 2;
  }
  const std::filesystem::path output = arguments[1];
  std::filesystem::create_directories(output);
  for (int i = 2; i < count; ++i) {
    const std::filesystem::path file = arguments[i];
    const auto capture = ntms::corpus::read_capture(file);
    if (!capture) {
      std::fprintf(stderr, "%s\n", capture.error().reason.c_str());
      return 1;
    }
    std::ofstream out(output / (capture->parser + "_" + file.stem().string()), std::ios::binary);
    out.write(reinterpret_cast<const char*>(capture->bytes.data()),
              static_cast<std::streamsize>(capture->bytes.size()));
    if (!out.flush()) {
      std::fprintf(stderr, "cannot write to %s\n", output.string().c_str());
      return 1;
    }
  }
}
