// See client.hpp.
#include "platform/client/client.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>

#include "base/assert.hpp"
#include "platform/client/public_address.hpp"
#include "platform/files/system_files.hpp"

namespace holdpoint::client {
namespace {

constexpr std::size_t kIdle_max = 8;  // connections' handles kept between calls
constexpr std::size_t kUploadChunkBytes = 64U << 10U;

struct CloseEasy {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
struct CloseUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using Easy = std::unique_ptr<CURL, CloseEasy>;
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

/// `https://host:port`, the part of a URL that may be told.
Result<std::string> server_of(const std::string& text) {
  const std::unique_ptr<CURLU, CloseUrl> url(curl_url());
  HP_ASSERT(url != nullptr, "CL-1: there is memory for a URL");
  const auto invalid = [](const char* what) {
    return fault(FaultKind::invalid, "client.call", what);
  };
  if (text.find('\0') != std::string::npos) return invalid("the URL holds a zero byte");
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return invalid("not an absolute URL of http or https");
  }
  const std::string scheme = url_part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return invalid("only http and https are spoken");
  if (!url_part(url.get(), CURLUPART_USER).empty() ||
      !url_part(url.get(), CURLUPART_PASSWORD).empty()) {
    return invalid("a URL holds no credentials; put them into a header");
  }
  std::string server = scheme + "://" + url_part(url.get(), CURLUPART_HOST);
  const std::string port = url_part(url.get(), CURLUPART_PORT);
  return port.empty() ? server : server + ":" + port;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

Result<HeaderList> header_list(const Request& request) {
  HeaderList list;
  bool content_type = false;
  const auto add = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    HP_ASSERT(longer != nullptr, "CL-2: there is memory for a header");
    static_cast<void>(list.release());
    list.reset(longer);
  };
  for (const Header& header : request.headers) {
    if (!is_token(header.name) ||
        header.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return fault(FaultKind::invalid, "client.call", "a header with a line break or a wrong name");
    }
    content_type = content_type || equal_ignoring_case(header.name, "content-type");
    // libcurl's way to send a header without a value.
    add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  if (!content_type) add("Content-Type:");  // libcurl would call every body a form
  add("Expect:");
  return list;
}

struct Exchange {
  const Options& options;
  Answer answer;
  bool too_large = false;
  bool cut = false;
  files::File* file = nullptr;
  std::uint64_t file_bytes = 0;
  std::uint64_t sent_bytes = 0;
  std::optional<Fault> file_fault;
  const Progress* progress = nullptr;
  bool kept_inside = false;  // an address was not connected to because it is not public
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::size_t length = size * count;
  if (exchange.answer.body.size() + length > exchange.options.answer_bytes_max) {
    (exchange.options.excess == Excess::cut ? exchange.cut : exchange.too_large) = true;
    return 0;
  }
  exchange.answer.body.append(bytes, length);
  return length;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::string_view line(bytes, size * count);
  // A new status line: what came before was interim.
  if (line.starts_with("HTTP/")) exchange.answer.headers.clear();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return line.size();
  if (exchange.answer.headers.size() >= exchange.options.headers_max) {
    exchange.too_large = true;
    return 0;
  }
  std::string_view value = line.substr(colon + 1);
  const auto first = value.find_first_not_of(" \t\r\n");
  const auto last = value.find_last_not_of(" \t\r\n");
  value = first == std::string_view::npos ? "" : value.substr(first, last - first + 1);
  exchange.answer.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
  return line.size();
}

std::size_t give_body(char* into, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::uint64_t left = exchange.file_bytes - exchange.sent_bytes;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size * count, left));
  if (wanted == 0) return 0;
  auto bytes = exchange.file->read(wanted);
  if (!bytes || bytes->empty()) {
    exchange.file_fault =
        bytes ? Fault{FaultKind::io, "client.upload", "the file became shorter"} : bytes.error();
    return CURL_READFUNC_ABORT;
  }
  bytes->copy(into, bytes->size());
  exchange.sent_bytes += bytes->size();
  if (*exchange.progress) (*exchange.progress)(exchange.sent_bytes, exchange.file_bytes);
  return bytes->size();
}

curl_socket_t open_public_socket(void* user, curlsocktype, curl_sockaddr* address) {
  if (!is_public_address(address->addr, address->addrlen)) {
    static_cast<Exchange*>(user)->kept_inside = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

FaultKind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return FaultKind::timeout;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT: return FaultKind::invalid;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: return FaultKind::unavailable;
    default: return FaultKind::io;
  }
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  HP_ASSERT(code == CURLE_OK || code == CURLE_OUT_OF_MEMORY, "CL-3: libcurl knows the option");
}

void set_common(CURL* easy, const Options& options, const Request& request, Exchange& exchange) {
  curl_easy_reset(easy);
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (options.reach == Reach::public_only) {
    set(easy, CURLOPT_PROXY, "");
    set(easy, CURLOPT_OPENSOCKETFUNCTION, &open_public_socket);
    set(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&exchange));
  }
  if (!options.ca_file.empty()) set(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_ms_max));
  set(easy, CURLOPT_WRITEFUNCTION, &take_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
  set(easy, CURLOPT_HEADERFUNCTION, &take_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
}

void set_body(CURL* easy, const Options& options, const Request& request) {
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.call_ms_max));
  const bool expects_body =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (expects_body || !request.body.empty()) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  if (request.method == "HEAD") set(easy, CURLOPT_NOBODY, 1L);
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void set_upload(CURL* easy, const Options& options, const Request& request, Exchange& exchange) {
  set(easy, CURLOPT_UPLOAD, 1L);
  set(easy, CURLOPT_UPLOAD_BUFFERSIZE, static_cast<long>(kUploadChunkBytes));
  set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(exchange.file_bytes));
  set(easy, CURLOPT_READFUNCTION, &give_body);
  set(easy, CURLOPT_READDATA, static_cast<void*>(&exchange));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.upload_stalled_seconds_max));
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace

std::optional<std::string> Answer::header(std::string_view name) const {
  for (const Header& each : headers) {
    if (equal_ignoring_case(each.name, name)) return each.value;
  }
  return std::nullopt;
}

struct Client::State {
  explicit State(Options the_options) : options(std::move(the_options)) {}

  Easy take() {
    const std::scoped_lock lock(mutex);
    if (idle.empty()) return Easy(curl_easy_init());
    Easy easy = std::move(idle.back());
    idle.pop_back();
    return easy;
  }
  void give_back(Easy easy) {
    const std::scoped_lock lock(mutex);
    if (idle.size() < kIdle_max) idle.push_back(std::move(easy));
  }

  Result<Answer> perform(const Request& request, Exchange& exchange) {
    HP_TRY(const std::string server, server_of(request.url));
    if (!is_token(request.method)) return fault(FaultKind::invalid, "client.call", "no method");
    HP_TRY(const HeaderList headers, header_list(request));
    Easy easy = take();
    if (!easy) return fault(FaultKind::exhausted, "client.call", "no memory for a connection");
    set_common(easy.get(), options, request, exchange);
    set(easy.get(), CURLOPT_HTTPHEADER, headers.get());
    if (exchange.file != nullptr) {
      set_upload(easy.get(), options, request, exchange);
    } else {
      set_body(easy.get(), options, request);
    }
    const CURLcode code = curl_easy_perform(easy.get());
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_reset(easy.get());
    give_back(std::move(easy));
    if (exchange.file_fault) return std::unexpected(std::move(*exchange.file_fault));
    const std::string where = "client.call " + request.method + " " + server;
    if (exchange.too_large) {
      return fault(FaultKind::exhausted, where, "the answer is larger than what is taken in");
    }
    if (code != CURLE_OK && exchange.kept_inside) {
      return fault(FaultKind::unavailable, where, "its address is not on the public internet");
    }
    if (code != CURLE_OK && !exchange.cut)
      return fault(kind_of(code), where, curl_easy_strerror(code));
    exchange.answer.status = static_cast<int>(status);
    return std::move(exchange.answer);
  }

  const Options options;
  std::mutex mutex;
  std::vector<Easy> idle;
};

Client::Client(Options options) : state_(std::make_unique<State>(std::move(options))) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  HP_ASSERT(ready == CURLE_OK, "CL-4: libcurl starts");
}

Client::~Client() = default;

Result<Answer> Client::call(const Request& request) {
  Exchange exchange{.options = state_->options, .answer = {}, .file_fault = {}};
  return state_->perform(request, exchange);
}

Result<Answer> Client::upload(const Request& request, const std::string& path,
                              const Progress& progress) {
  HP_ASSERT(request.body.empty(), "CL-5: an upload's body is its file");
  HP_TRY(const auto file, files::system_files().open(path));
  HP_TRY(const std::uint64_t bytes, file->size());
  Exchange exchange{.options = state_->options,
                    .answer = {},
                    .file = file.get(),
                    .file_bytes = bytes,
                    .file_fault = {},
                    .progress = &progress};
  return state_->perform(request, exchange);
}

}  // namespace holdpoint::client
