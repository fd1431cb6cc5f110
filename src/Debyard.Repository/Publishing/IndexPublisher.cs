using System.Collections.Concurrent;
using System.Security.Cryptography;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Indexes;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>Writes <c>Packages.gz</c> and <c>.xz</c>, and reuses the ancestor's files and chunks where possible.</summary>
sealed class IndexPublisher(RepositoryLayout layout)
{
    readonly ConcurrentDictionary<(BranchName, SuiteComponent, Architecture), ArchitectureIndex> last = new();
    readonly IndexChunkCache chunks = new();

    /// <summary>
    /// Returns the three files of an index for Release. By-hash files are written at once; the others wait in
    /// <paramref name="prepared"/>.
    /// </summary>
    public async Task<IndexFile[]> WriteAsync(
        PreparedSuite prepared,
        BranchName branch,
        BranchFolder folder,
        BranchContents contents,
        SuiteComponent suiteComponent,
        Architecture architecture,
        Ancestor? ancestor,
        PublishedSuite? published,
        DateTimeOffset lastModified
    )
    {
        var path = $"{suiteComponent.Component}/binary-{architecture}/Packages";
        var previous = ancestor is not null && published is not null ? Last(path, suiteComponent, architecture, ancestor, published) : null;
        var index = ArchitectureIndex.Of(path, suiteComponent, architecture, contents.In(suiteComponent), chunks, previous);
        last[(branch, suiteComponent, architecture)] = index;
        Directory.CreateDirectory(folder.ByHashFolder(suiteComponent.Suite, path));
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
                var byHash = folder.ByHash(suiteComponent.Suite, file.Path, file.Sha256);
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
            var byHash = folder.ByHash(suiteComponent.Suite, file.Path, file.Sha256);
            if (!File.Exists(byHash))
            {
                if (Posix.Link(ancestor!.Folder.ByHash(suiteComponent.Suite, file.Path, file.Sha256), byHash) != 0)
                    return false;
                prepared.Add(byHash);
            }
            if (!IsSame(byHash, folder.InDists(suiteComponent.Suite, file.Path)))
                Offer(file, byHash);
            return true;
        }

        // The plain name is another link to the by-hash file.
        void Offer(IndexFile file, string byHash)
        {
            if (File.GetLastWriteTimeUtc(byHash) < lastModified)
                File.SetLastWriteTimeUtc(byHash, lastModified.UtcDateTime);
            var temporary = layout.NewTemporary();
            if (Posix.Link(byHash, temporary) is var error && error != 0)
                throw Posix.Error($"link {temporary}", error);
            prepared.Move(temporary, folder.InDists(suiteComponent.Suite, file.Path));
        }
    }

    /// <summary>Discards the cached indexes of a retired branch.</summary>
    public void Discard(BranchName branch)
    {
        foreach (var key in last.Keys.Where(key => key.Item1 == branch))
            last.TryRemove(key, out _);
    }

    // After a restart the chunks are read from the files on disk.
    ArchitectureIndex Last(
        string path,
        SuiteComponent suiteComponent,
        Architecture architecture,
        Ancestor ancestor,
        PublishedSuite published
    ) =>
        last.GetOrAdd(
            (ancestor.Name, suiteComponent, architecture),
            _ =>
            {
                var index = ArchitectureIndex.Of(
                    path,
                    suiteComponent,
                    architecture,
                    ancestor.Contents.In(suiteComponent),
                    chunks,
                    previous: null
                );
                if (published.FindIndex(path) == index.Plain && Read(".gz") is { } gzip && Read(".xz") is { } xz)
                    index.Adopt(gzip, xz);
                return index;

                byte[]? Read(string extension) =>
                    published.FindIndex(path + extension) is { } file
                    && ancestor.Folder.ByHash(suiteComponent.Suite, file.Path, file.Sha256) is var byHash
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
        return new IndexFile(path, file.Length, new Sha256(sha256.Hash));
    }

    // Assumes that files of the same size and time are links to one file; comparing inodes would take a native call.
    static bool IsSame(string byHash, string plain) =>
        new FileInfo(byHash) is var hashed
        && new FileInfo(plain) is { Exists: true } named
        && hashed.Length == named.Length
        && hashed.LastWriteTimeUtc == named.LastWriteTimeUtc;
}
