// See object_sink.hpp.
#include "engine/edge/object_sink.hpp"

#include "base/assert.hpp"
#include "engine/edge/api.hpp"

namespace holdpoint::engine::edge {
namespace {

class ObjectSource final : public http::BodySource {
 public:
  explicit ObjectSource(std::unique_ptr<ObjectReader> reader) : reader_(std::move(reader)) {}
  Result<std::string> read(std::size_t bytes_max) override { return reader_->read(bytes_max); }

 private:
  std::unique_ptr<ObjectReader> reader_;
};

/// A file name for Content-Disposition (RFC 6266): anything but a plain character becomes '_'.
std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '_';
    out += plain ? c : '_';
  }
  return out;
}

}  // namespace

Result<std::shared_ptr<ObjectSink>> ObjectSink::open(ObjectStore& objects) {
  HP_TRY(auto writer, objects.create());
  return std::make_shared<ObjectSink>(std::move(writer));
}

ObjectSink& object_sink_of(const http::Request& request) {
  auto* sink = dynamic_cast<ObjectSink*>(request.sink.get());
  HP_ASSERT(sink != nullptr, "EN-11: a streamed route's body is in the object store");
  return *sink;
}

http::Response object_response(ObjectStore& objects, const Digest& digest,
                               std::string_view media_type, std::string_view file_name) {
  auto reader = objects.open(digest);
  if (!reader) return respond(reader.error());
  http::Response response;
  response.set("Content-Type", media_type);
  response.set("Content-Length", std::to_string((*reader)->size()));
  response.set("Content-Disposition", "attachment; filename=\"" + plain_name(file_name) + "\"");
  response.set("ETag", "\"" + digest.hex() + "\"");
  response.source = std::make_shared<ObjectSource>(std::move(*reader));
  return response;
}

}  // namespace holdpoint::engine::edge
