// See directory.hpp.
#include "platform/objects/directory.hpp"

#include <atomic>
#include <bitset>
#include <mutex>
#include <set>
#include <vector>

#include "base/assert.hpp"

namespace holdpoint::objects {

using engine::ObjectReader;
using engine::ObjectWriter;
using engine::StoredObject;
using files::File;
using files::Files;

namespace {

constexpr std::size_t kFanOut = 65536;  // directories: the first two digest bytes

class Layout {
 public:
  explicit Layout(std::string root) : root_(std::move(root)) {}
  [[nodiscard]] const std::string& root() const { return root_; }
  [[nodiscard]] std::string incoming() const { return root_ + "/incoming"; }
  [[nodiscard]] std::string objects() const { return root_ + "/sha256"; }
  [[nodiscard]] std::string outer(const Digest& digest) const {
    return objects() + "/" + digest.hex().substr(0, 2);
  }
  [[nodiscard]] std::string inner(const Digest& digest) const {
    return outer(digest) + "/" + digest.hex().substr(2, 2);
  }
  [[nodiscard]] std::string file(const Digest& digest) const {
    return inner(digest) + "/" + digest.hex();
  }

 private:
  std::string root_;
};

/// What writers of one store share: where things go, and which directories are known to be durable.
class Place {
 public:
  Place(Files& files, std::string root) : files_(files), layout_(std::move(root)) {}
  Result<void> open_file_system() {
    HP_TRY(file_system_, files_.file_system_of(layout_.root()));
    return {};
  }
  [[nodiscard]] Files& files() const { return files_; }
  [[nodiscard]] const Layout& layout() const { return layout_; }

  [[nodiscard]] std::string next_incoming() {
    return layout_.incoming() + "/" + std::to_string(next_incoming_.fetch_add(1));
  }

  /// Makes the object's directories and syncs their names. Once per process for each, also for
  /// those that exist: whoever made them may have lost power before syncing.
  Result<void> prepare_directories(const Digest& digest) {
    const std::size_t index = index_of(digest);
    const std::scoped_lock lock(mutex_);
    if (durable_[index]) return {};
    if (!durable_outer_[digest.bytes[0]]) {
      HP_TRY_VOID(files_.make_directory(layout_.outer(digest)));
      HP_TRY_VOID(files_.sync_directory(layout_.objects()));
      durable_outer_.set(digest.bytes[0]);
    }
    HP_TRY_VOID(files_.make_directory(layout_.inner(digest)));
    HP_TRY_VOID(files_.sync_directory(layout_.outer(digest)));
    durable_.set(index);
    return {};
  }

  /// The same, with the names synced by the next sync_all().
  Result<void> make_directories(const Digest& digest) {
    const std::scoped_lock lock(mutex_);
    if (durable_[index_of(digest)]) return {};
    HP_TRY_VOID(files_.make_directory(layout_.outer(digest)));
    return files_.make_directory(layout_.inner(digest));
  }

  /// One sync for everything: with many small files it takes as long as the sync of one.
  Result<void> sync_all() { return file_system_->sync(); }

  void remember_durable(const Digest& digest) {
    const std::scoped_lock lock(mutex_);
    durable_outer_.set(digest.bytes[0]);
    durable_.set(index_of(digest));
  }

 private:
  static std::size_t index_of(const Digest& digest) {
    return digest.bytes[0] * 256U + digest.bytes[1];
  }

  Files& files_;
  const Layout layout_;
  std::unique_ptr<files::FileSystem> file_system_;
  std::atomic<std::uint64_t> next_incoming_ = 0;
  std::mutex mutex_;
  std::bitset<256> durable_outer_;
  std::bitset<kFanOut> durable_;
};

Result<void> expect_same_size(Files& files, const std::string& path, const StoredObject& object) {
  HP_TRY(const auto stored, files.open(path));
  HP_TRY(const std::uint64_t size, stored->size());
  if (size == object.size) return {};
  return fault(FaultKind::corrupt, "objects.finish " + object.digest.text(),
               "it is stored with " + std::to_string(size) + " bytes instead of " +
                   std::to_string(object.size));
}

/// Several small objects with two syncs in all: one for the bytes under their incoming names, and,
/// when they have their own names, one for those. A named object is whole also after a power loss.
class Group {
 public:
  explicit Group(Place& place) : place_(place) {}
  ~Group() {
    for (const Arrival& one : arrivals_) static_cast<void>(place_.files().remove(one.incoming));
  }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  Result<void> add(std::string_view bytes) {
    const StoredObject object{sha256(bytes), bytes.size()};
    if (!known_.insert(object.digest).second) return {};
    Files& files = place_.files();
    const std::string target = place_.layout().file(object.digest);
    HP_TRY(const bool there, files.exists(target));
    if (there) return expect_same_size(files, target, object);
    std::string incoming = place_.next_incoming();
    HP_TRY(const auto file, files.create(incoming));
    arrivals_.push_back({object.digest, std::move(incoming)});
    return file->append(bytes);
  }

  Result<void> finish() {
    if (!arrivals_.empty()) HP_TRY_VOID(place_.sync_all());
    while (!arrivals_.empty()) {
      const Arrival& one = arrivals_.back();
      HP_TRY_VOID(place_.make_directories(one.digest));
      HP_TRY_VOID(place_.files().rename(one.incoming, place_.layout().file(one.digest)));
      arrivals_.pop_back();
    }
    // Also for those that were there: their writer may not have come this far yet.
    HP_TRY_VOID(place_.sync_all());
    for (const Digest& digest : known_) place_.remember_durable(digest);
    return {};
  }

 private:
  struct Arrival {
    Digest digest;
    std::string incoming;
  };
  Place& place_;
  std::set<Digest> known_;
  std::vector<Arrival> arrivals_;
};

class DirectoryWriter final : public ObjectWriter {
 public:
  DirectoryWriter(std::shared_ptr<Place> place, std::string path, std::unique_ptr<File> file)
      : place_(std::move(place)), path_(std::move(path)), file_(std::move(file)) {}
  ~DirectoryWriter() override {
    file_.reset();
    // What cannot be removed now is removed when the store is opened next.
    if (!path_.empty()) static_cast<void>(place_->files().remove(path_));
  }
  DirectoryWriter(const DirectoryWriter&) = delete;
  DirectoryWriter& operator=(const DirectoryWriter&) = delete;

  Result<void> write(std::string_view bytes) override {
    HP_ASSERT(file_ != nullptr, "OB-1: nothing is written to a finished object");
    HP_TRY_VOID(file_->append(bytes));
    hash_.update(bytes);
    size_ += bytes.size();
    return {};
  }

  Result<StoredObject> finish() override {
    HP_ASSERT(file_ != nullptr, "OB-2: an object is finished once");
    const StoredObject object{hash_.finish(), size_};
    const auto closed = std::exchange(file_, nullptr);
    Files& files = place_->files();
    const Layout& layout = place_->layout();
    const std::string target = layout.file(object.digest);
    HP_TRY_VOID(place_->prepare_directories(object.digest));
    HP_TRY(const bool there, files.exists(target));
    if (there) {
      HP_TRY_VOID(expect_same_size(files, target, object));
    } else {
      HP_TRY_VOID(closed->sync());
      HP_TRY_VOID(files.rename(path_, target));
      path_.clear();
    }
    // Also when it was there: its writer may not have come this far yet.
    HP_TRY_VOID(files.sync_directory(layout.inner(object.digest)));
    return object;
  }

 private:
  std::shared_ptr<Place> place_;
  std::string path_;  // empty once renamed
  std::unique_ptr<File> file_;
  Sha256 hash_;
  std::uint64_t size_ = 0;
};

class DirectoryReader final : public ObjectReader {
 public:
  DirectoryReader(std::unique_ptr<File> file, const Digest& digest, std::uint64_t size)
      : file_(std::move(file)), digest_(digest), size_(size) {}

  Result<std::string> read(std::size_t bytes_max) override {
    HP_ASSERT(bytes_max > 0, "OB-3: a read asks for at least one byte");
    HP_TRY(std::string bytes, file_->read(bytes_max));
    hash_.update(bytes);
    taken_ += bytes.size();
    if (taken_ > size_ || (bytes.empty() && taken_ < size_)) return damaged("changed its size");
    // Judged with the last bytes, so that nobody acts on them first and asks later.
    if (taken_ == size_ && !judged_) {
      judged_ = true;
      if (hash_.finish() != digest_) return damaged("does not have its digest");
    }
    return bytes;
  }
  [[nodiscard]] std::uint64_t size() const override { return size_; }

 private:
  [[nodiscard]] std::unexpected<Fault> damaged(const std::string& what) const {
    return fault(FaultKind::corrupt, "objects.read " + digest_.text(), "the object " + what);
  }
  std::unique_ptr<File> file_;
  const Digest digest_;
  const std::uint64_t size_;
  Sha256 hash_;
  std::uint64_t taken_ = 0;
  bool judged_ = false;
};

class DirectoryStore final : public engine::ObjectStore {
 public:
  explicit DirectoryStore(std::shared_ptr<Place> place) : place_(std::move(place)) {}

  Result<std::unique_ptr<ObjectWriter>> create() override {
    std::string path = place_->next_incoming();
    HP_TRY(auto file, place_->files().create(path));
    return std::make_unique<DirectoryWriter>(place_, std::move(path), std::move(file));
  }

  Result<void> put_all(std::span<const std::string> buffers) override {
    if (buffers.empty()) return {};
    Group group(*place_);
    for (const std::string& bytes : buffers) HP_TRY_VOID(group.add(bytes));
    return group.finish();
  }

  Result<std::unique_ptr<ObjectReader>> open(const Digest& digest) override {
    auto file = place_->files().open(place_->layout().file(digest));
    if (!file && file.error().kind == FaultKind::not_found) {
      return fault(FaultKind::not_found, "objects.open " + digest.text(), "no such object");
    }
    if (!file) return std::unexpected(file.error());
    HP_TRY(const std::uint64_t size, (*file)->size());
    return std::make_unique<DirectoryReader>(std::move(*file), digest, size);
  }

  Result<bool> exists(const Digest& digest) override {
    return place_->files().exists(place_->layout().file(digest));
  }

  Result<void> each(const std::function<void(const StoredObject&)>& visit) override {
    Files& files = place_->files();
    const std::string root = place_->layout().objects();
    HP_TRY(const auto outers, files.list(root));
    for (const std::string& outer : outers) {
      HP_TRY(const auto inners, files.list(root + "/" + outer));
      for (const std::string& inner : inners) {
        HP_TRY_VOID(each_in(root + "/" + outer + "/" + inner, visit));
      }
    }
    return {};
  }

 private:
  Result<void> each_in(const std::string& directory,
                       const std::function<void(const StoredObject&)>& visit) {
    HP_TRY(const auto names, place_->files().list(directory));
    for (const std::string& name : names) {
      const auto digest = Digest::parse(name);
      if (!digest || place_->layout().file(*digest) != directory + "/" + name) {
        return fault(FaultKind::corrupt, "objects.each " + directory,
                     "a file that is no object: " + name);
      }
      HP_TRY(const auto file, place_->files().open(directory + "/" + name));
      HP_TRY(const std::uint64_t size, file->size());
      visit({*digest, size});
    }
    return {};
  }

  std::shared_ptr<Place> place_;
};

}  // namespace

Result<std::unique_ptr<engine::ObjectStore>> open_directory(Files& files, const std::string& root) {
  auto place = std::make_shared<Place>(files, root);
  const Layout& layout = place->layout();
  HP_TRY_VOID(files.make_directory(root));
  HP_TRY_VOID(files.make_directory(layout.incoming()));
  HP_TRY_VOID(files.make_directory(layout.objects()));
  HP_TRY_VOID(place->open_file_system());
  HP_TRY_VOID(files.sync_directory(root));
  HP_TRY_VOID(files.sync_directory(files::directory_of(root)));
  HP_TRY(const auto leftovers, files.list(layout.incoming()));
  for (const std::string& name : leftovers) {
    HP_TRY_VOID(files.remove(layout.incoming() + "/" + name));
  }
  return std::make_unique<DirectoryStore>(std::move(place));
}

}  // namespace holdpoint::objects
