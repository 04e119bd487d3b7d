// The transport of the real program, over platform/client, which follows no redirects and names
// only the server in its faults.
#include "cli/cli.hpp"
#include "platform/client/client.hpp"

namespace holdpoint::cli {
namespace {

/// A certification judges everything anew; an answer may take its time.
constexpr int call_ms_max = 120'000;
/// After the last byte the server still reads the report to its end.
constexpr int upload_stalled_seconds_max = 120;

client::Options options() {
  client::Options chosen;
  chosen.call_ms_max = call_ms_max;
  chosen.upload_stalled_seconds_max = upload_stalled_seconds_max;
  chosen.answer_bytes_max = reply_bytes_max;
  return chosen;
}

class HttpTransport final : public Transport {
 public:
  Result<Reply> send(const Call& call) override {
    client::Request request{call.method, call.url, {}, call.body};
    for (const auto& [name, value] : call.headers) request.headers.push_back({name, value});
    const client::Progress progress = [&](std::uint64_t sent, std::uint64_t) {
      if (call.progress) call.progress(sent);
    };
    auto answer = call.upload ? client_.upload(request, call.upload->string(), progress)
                              : client_.call(request);
    if (!answer) return std::unexpected(std::move(answer).error());
    return Reply{answer->status, std::move(answer->body)};
  }

 private:
  client::Client client_{options()};
};

}  // namespace

std::unique_ptr<Transport> http_transport() { return std::make_unique<HttpTransport>(); }

}  // namespace holdpoint::cli
