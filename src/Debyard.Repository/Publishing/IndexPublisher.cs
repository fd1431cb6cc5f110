using System.Collections.Concurrent;
using System.Security.Cryptography;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Indexes;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>What a publish starts from: the branch as it was, or the parent it is born from.</summary>
sealed record Ancestor(BranchName Name, BranchFolder Folder, BranchContents Contents);

/// <summary>Writes <c>Packages.gz</c> and <c>.xz</c>: of what the ancestor has, whole files and parts of files are used again.</summary>
sealed class IndexPublisher(RepositoryLayout layout)
{
    readonly ConcurrentDictionary<(BranchName, SuiteComponent, Architecture), ArchitectureIndex> last = new();
    readonly IndexChunkCache chunks = new();

    /// <summary>The three files of an index as the Release lists them; the by-hash ones are in place, the others wait in <paramref name="prepared"/>.</summary>
    public async Task<IndexFile[]> WriteAsync(
        PreparedSuite prepared,
        BranchName branch,
        BranchFolder folder,
        BranchContents contents,
        SuiteComponent place,
        Architecture architecture,
        Ancestor? ancestor,
        PublishedSuite? published,
        DateTimeOffset lastModified
    )
    {
        var path = $"{place.Component}/binary-{architecture}/Packages";
        var previous = ancestor is not null && published is not null ? Last(path, place, architecture, ancestor, published) : null;
        var index = ArchitectureIndex.Of(path, place, architecture, contents.In(place), chunks, previous);
        last[(branch, place, architecture)] = index;
        Directory.CreateDirectory(folder.ByHashFolder(place.Suite, path));
        var isSame = previous is not null && index.IsSameAs(previous) && published?.FindIndex(path) == index.Plain;
        return await Task.WhenAll(
            Task.Run(() => index.Plain),
            Task.Run(() => Write(".gz", index.WriteGZip)),
            Task.Run(() => Write(".xz", index.WriteXz))
        );

        IndexFile Write(string extension, Action<Stream> compress)
        {
            if (isSame && published!.FindIndex(path + extension) is { } same && Take(same))
                return same;
            var temporary = layout.NewTemporary();
            try
            {
                var file = WriteFile(path + extension, temporary, compress);
                var byHash = folder.ByHash(place.Suite, file.Path, file.Sha256);
                if (!File.Exists(byHash))
                {
                    File.Move(temporary, byHash);
                    prepared.Add(byHash);
                }
                Offer(file, byHash);
                return file;
            }
            finally
            {
                File.Delete(temporary);
            }
        }

        bool Take(IndexFile file)
        {
            var byHash = folder.ByHash(place.Suite, file.Path, file.Sha256);
            if (!File.Exists(byHash))
            {
                if (Posix.Link(ancestor!.Folder.ByHash(place.Suite, file.Path, file.Sha256), byHash) != 0)
                    return false;
                prepared.Add(byHash);
            }
            if (!IsSame(byHash, folder.InDists(place.Suite, file.Path)))
                Offer(file, byHash);
            return true;
        }

        // The plain name is one more link to the by-hash file.
        void Offer(IndexFile file, string byHash)
        {
            if (File.GetLastWriteTimeUtc(byHash) < lastModified)
                File.SetLastWriteTimeUtc(byHash, lastModified.UtcDateTime);
            var temporary = layout.NewTemporary();
            if (Posix.Link(byHash, temporary) is var error && error != 0)
                throw Posix.Error($"link {temporary}", error);
            prepared.Move(temporary, folder.InDists(place.Suite, file.Path));
        }
    }

    /// <summary>Lets go of what is remembered of a branch that is gone.</summary>
    public void Discard(BranchName branch)
    {
        foreach (var key in last.Keys.Where(key => key.Item1 == branch))
            last.TryRemove(key, out _);
    }

    // After a restart the parts are those of the files on disk.
    ArchitectureIndex Last(string path, SuiteComponent place, Architecture architecture, Ancestor ancestor, PublishedSuite published) =>
        last.GetOrAdd(
            (ancestor.Name, place, architecture),
            _ =>
            {
                var index = ArchitectureIndex.Of(path, place, architecture, ancestor.Contents.In(place), chunks, previous: null);
                if (published.FindIndex(path) == index.Plain && Read(".gz") is { } gzip && Read(".xz") is { } xz)
                    index.Adopt(gzip, xz);
                return index;

                byte[]? Read(string extension) =>
                    published.FindIndex(path + extension) is { } file
                    && ancestor.Folder.ByHash(place.Suite, file.Path, file.Sha256) is var byHash
                    && File.Exists(byHash)
                        ? File.ReadAllBytes(byHash)
                        : null;
            }
        );

    static IndexFile WriteFile(string path, string temporary, Action<Stream> compress)
    {
        using var sha256 = SHA256.Create();
        using var file = File.Create(temporary);
        using (var hashing = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true))
            compress(hashing);
        return new IndexFile(path, file.Length, Convert.ToHexStringLower(sha256.Hash!));
    }

    // Two links to one file, as far as .NET can tell.
    static bool IsSame(string byHash, string plain) =>
        new FileInfo(byHash) is var one
        && new FileInfo(plain) is { Exists: true } other
        && one.Length == other.Length
        && one.LastWriteTimeUtc == other.LastWriteTimeUtc;
}
