// See past.hpp.
#include "policy/edge/past.hpp"

#include <algorithm>
#include <iterator>

namespace holdpoint::policy {

void Past::add(const DecisionSource& source) {
  const auto after = bounds_.after.find(source.decision);
  streams_.push_back(
      {.source = &source, .after = after == bounds_.after.end() ? "" : after->second});
}

std::vector<Past::Row> Past::take(std::size_t count_max) {
  std::vector<Row> taken;
  while (taken.size() < count_max) {
    Stream* stream = newest();
    if (stream == nullptr) break;
    taken.push_back({stream->source, std::move(stream->rows.front())});
    stream->rows.pop_front();
  }
  return taken;
}

bool Past::has_more() { return newest() != nullptr; }

Past::Stream* Past::newest() {
  Stream* found = nullptr;
  for (Stream& stream : streams_) {
    fill(stream);
    if (stream.rows.empty()) continue;
    const bool is_newer =
        found == nullptr || found->rows.front().decided_at < stream.rows.front().decided_at;
    if (is_newer) found = &stream;
  }
  return found;
}

void Past::fill(Stream& stream) {
  if (stream.is_ended || !stream.rows.empty()) return;
  const auto tables = engine_.read();
  auto rows = stream.source->list(
      *tables, workspace_,
      {bounds_.application, bounds_.since, bounds_.decisions, stream.after, page_rows_max});
  stream.is_ended = rows.size() < page_rows_max;
  if (!rows.empty()) stream.after = rows.back().id;
  std::ranges::move(rows, std::back_inserter(stream.rows));
}

}  // namespace holdpoint::policy
