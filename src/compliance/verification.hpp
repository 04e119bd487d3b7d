// That the ledger was verified from its beginning, on the record: what a verification found is
// proof only when nobody can say later that there was none.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/describe.hpp"

namespace holdpoint::compliance {

/// In the log of the server, since a verification reads every workspace.
struct LedgerVerified {
  static constexpr std::string_view event_type = "ledger.verified";
  static constexpr int event_version = 1;
  std::int64_t entries = 0;
  std::int64_t objects = 0;
  std::int64_t findings = 0;  // 0: everything is as recorded
};
HP_DESCRIBE(LedgerVerified, entries, objects, findings)

}  // namespace holdpoint::compliance
