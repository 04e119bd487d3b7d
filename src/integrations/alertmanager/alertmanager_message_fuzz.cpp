// Fuzz target: bytes as a message of Alertmanager. It is refused or read, whatever it holds.
#include "integrations/alertmanager/alertmanager.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdpoint;
  const auto message = parse_json({reinterpret_cast<const char*>(bytes), size});
  if (!message) return 0;
  const auto batch = integrations::alertmanager::read_message(*message, {});
  if (batch && batch->alerts.size() > rollback::alerts_max) __builtin_trap();
  return 0;
}
