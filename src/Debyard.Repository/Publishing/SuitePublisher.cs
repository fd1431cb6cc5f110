using System.Security.Cryptography;
using System.Text;
using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>Writes a suite's indexes and its signed Release from what the branch lists.</summary>
sealed class SuitePublisher(RepositoryLayout layout, RepositoryOptions options, SigningKey key)
{
    // RFC 1952: a member that holds nothing; GZipStream would write no member at all, which is no .gz file.
    static readonly byte[] emptyGZip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>A branch's folder as a source of index files that need not be compressed again.</summary>
    sealed record Source(BranchFolder Folder, PublishedSuite Published);

    /// <summary>
    /// By-hash files are written into place, for no one refers to them yet; all other files wait for the switch. Where an index
    /// has the same content in the parent a branch is born from, it is the parent's very file.
    /// </summary>
    public async Task<PreparedSuite> PrepareAsync(BranchName branch, BranchFolder folder, Suite suite, BranchContents contents, BranchFolder? parent)
    {
        var prepared = new PreparedSuite();
        try
        {
            var before = PublishedSuite.Read(folder, suite);
            var now = options.Time.GetUtcNow();
            // Whole seconds are all that HTTP dates have: a second publish within one must still look newer to apt.
            var lastModified = Later(now, before?.LastModified.AddSeconds(1));
            var components = contents.Places.Where(it => it.Suite == suite).Select(it => it.Component).ToList();
            var architectures = Architectures(contents, suite);
            var sources = Sources(folder, before, parent, suite);
            var files = new List<IndexFile>();
            foreach (var component in components)
                foreach (var architecture in architectures)
                    files.AddRange(await WriteIndexAsync(prepared, folder, contents, new Place(suite, component), architecture, sources, lastModified));

            await SignAsync(prepared, folder, suite, lastModified, new ReleaseFile
            {
                Origin = options.Origin,
                Label = branch.Value,
                Suite = suite.Value,
                Codename = suite.Value,
                // More than 10 s ahead is an error to apt, so this stays within the clock; it must only never go back.
                Date = Later(now, before?.Release.Date),
                AcquireByHash = true,
                NoSupportForArchitectureAll = true,
                Architectures = architectures,
                Components = [.. components.Select(component => component.Value)],
                Files = files,
            });
            var current = files.Select(file => (file.Path, file.Sha256)).ToHashSet();
            foreach (var file in before?.Release.Files ?? [])
                if (!current.Contains((file.Path, file.Sha256)))
                    prepared.Supersede(folder.ByHash(suite, file.Path, file.Sha256));
            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    async Task<IndexFile[]> WriteIndexAsync(
        PreparedSuite prepared, BranchFolder folder, BranchContents contents, Place place, Architecture architecture, List<Source> sources, DateTimeOffset lastModified)
    {
        var path = $"{place.Component}/binary-{architecture}/Packages";
        using var text = new MemoryStream();
        PackagesIndex.Write(Entries(contents, place, architecture), text);
        var plain = Describe(path, text);
        Directory.CreateDirectory(Path.GetDirectoryName(folder.ByHash(place.Suite, path, plain.Sha256))!);

        var source = sources.FirstOrDefault(source => source.Published.Index(path) == plain);
        var compressed = await Task.WhenAll(
            Task.Run(() => Compressed(".gz", output => GZip.Compress(output))),
            Task.Run(() => Compressed(".xz", output => Xz.Compress(output))));
        return [plain, .. compressed];

        IndexFile Compressed(string extension, Func<Stream, Stream> compress)
        {
            if (source?.Published.Index(path + extension) is { } same && Take(same, source.Folder))
                return same;
            using var bytes = new MemoryStream();
            using (var compressing = compress(bytes))
                text.WriteTo(compressing);
            if (bytes.Length == 0)
                bytes.Write(emptyGZip);
            var index = Describe(path + extension, bytes);
            var byHash = folder.ByHash(place.Suite, index.Path, index.Sha256);
            if (!File.Exists(byHash))
            {
                layout.Replace(byHash, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
                Add(byHash);
            }
            Offer(index);
            return index;
        }

        bool Take(IndexFile index, BranchFolder from)
        {
            var byHash = folder.ByHash(place.Suite, index.Path, index.Sha256);
            if (!File.Exists(byHash))
            {
                if (Posix.Link(from.ByHash(place.Suite, index.Path, index.Sha256), byHash) != 0)
                    return false;
                Add(byHash);
            }
            if (!IsSame(byHash, folder.InDists(place.Suite, index.Path)))
                Offer(index);
            return true;
        }

        void Add(string byHash)
        {
            lock (prepared)
                prepared.Add(byHash);
        }

        // The plain name is one more link to the by-hash file.
        void Offer(IndexFile index)
        {
            var byHash = folder.ByHash(place.Suite, index.Path, index.Sha256);
            if (File.GetLastWriteTimeUtc(byHash) < lastModified)
                File.SetLastWriteTimeUtc(byHash, lastModified.UtcDateTime);
            var temporary = layout.NewTemporary();
            if (Posix.Link(byHash, temporary) is var error && error != 0)
                throw Posix.Error($"link {temporary}", error);
            lock (prepared)
                prepared.Move(temporary, folder.InDists(place.Suite, index.Path));
        }
    }

    async Task SignAsync(PreparedSuite prepared, BranchFolder folder, Suite suite, DateTimeOffset lastModified, ReleaseFile release)
    {
        var text = Encoding.UTF8.GetBytes(release.Render());
        var signed = await Task.WhenAll(key.DetachSignAsync(text), key.ClearSignAsync(text));
        Write("Release", text);
        Write("Release.gpg", signed[0]);
        Write("InRelease", signed[1]);

        void Write(string name, byte[] bytes)
        {
            var temporary = layout.NewTemporary();
            prepared.Move(temporary, folder.InDists(suite, name));
            File.WriteAllBytes(temporary, bytes);
            File.SetLastWriteTimeUtc(temporary, lastModified.UtcDateTime);
        }
    }

    List<Architecture> Architectures(BranchContents contents, Suite suite) =>
        [.. contents.Places.Where(place => place.Suite == suite)
            .SelectMany(contents.In).Select(listed => listed.Package.FileName.Architecture)
            .Concat(options.Architectures).Where(architecture => !architecture.IsAll).Distinct().Order()];

    static IEnumerable<Stanza> Entries(BranchContents contents, Place place, Architecture architecture) =>
        from listed in contents.In(place)
        let package = listed.Package
        where package.FileName.Architecture == architecture || package.FileName.Architecture.IsAll
        select package.Entry.With("Filename", BranchFolder.Filename(place, package));

    static List<Source> Sources(BranchFolder folder, PublishedSuite? before, BranchFolder? parent, Suite suite)
    {
        var sources = new List<Source>();
        if (before is not null)
            sources.Add(new Source(folder, before));
        if (parent is not null && PublishedSuite.Read(parent, suite) is { } parents)
            sources.Add(new Source(parent, parents));
        return sources;
    }

    // Two links to one file, as far as .NET can tell.
    static bool IsSame(string byHash, string plain) =>
        new FileInfo(byHash) is var one && new FileInfo(plain) is { Exists: true } other && one.Length == other.Length && one.LastWriteTimeUtc == other.LastWriteTimeUtc;

    static IndexFile Describe(string path, MemoryStream content) =>
        new(path, content.Length, Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length))));

    static DateTimeOffset Later(DateTimeOffset now, DateTimeOffset? floor)
    {
        var second = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
        return floor > second ? floor.Value : second;
    }
}
