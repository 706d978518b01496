// SPDX-License-Identifier: MIT
// Prints what a changer says is where, one element a line: "slot|port|drive ADDRESS BARCODE", with
// "-" for an empty element.   list_elements URI
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdio>
#include <cstdlib>

#include "device/changer.h"
#include "transport/open.h"

namespace asio = boost::asio;

namespace {

void print(const char* noun, const std::vector<ntms::scsi::ElementStatus>& elements) {
  for (const auto& element : elements) {
    std::printf("%s %u %s\n", noun, unsigned{element.address},
                element.full ? element.volume_tag.c_str() : "-");
  }
}

asio::awaitable<int> list(ntms::device::Changer& changer) {
  const auto attached = co_await changer.attach();
  if (!attached) {
    std::fprintf(stderr, "%s\n", attached.error().reason.c_str());
    co_return 1;
  }
  const auto inventory = co_await changer.read_inventory();
  if (!inventory) {
    std::fprintf(stderr, "%s\n", inventory.error().reason.c_str());
    co_return 1;
  }
  print("slot", inventory->slots);
  print("port", inventory->ports);
  print("drive", inventory->drives);
  co_return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  asio::io_context context(1);
  auto transport = ntms::transport::open_transport(context.get_executor(), argv[1]);
  if (!transport) {
    std::fprintf(stderr, "%s\n", transport.error().reason.c_str());
    return 2;
  }
  ntms::device::Changer changer(std::move(*transport));
  auto status = asio::co_spawn(context, list(changer), asio::use_future);
  // Not run(): the session goes on listening after the last command.
  while (status.wait_for(std::chrono::seconds(0)) != std::future_status::ready) context.run_one();
  const int result = status.get();
  std::fflush(stdout);
  std::_Exit(result);
}
