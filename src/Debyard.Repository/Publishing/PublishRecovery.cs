using System.Text;
using Debyard.Debian.Names;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>
/// Repairs a suite after a process was killed during the switch. The plain index names and <c>Release</c> may then be newer than
/// <c>InRelease</c>, which decides what the branch lists; they are reset to match it. A consistent suite is not written.
/// </summary>
sealed class PublishRecovery(RepositoryLayout layout, SigningKey key, BranchFolder folder)
{
    public async Task RecoverAsync()
    {
        foreach (var suite in folder.Suites().ToList())
            if (PublishedSuite.Read(folder, suite) is { } published)
            {
                foreach (var index in published.Release.Files)
                    RestoreIndex(folder.ByHash(suite, index.Path, index.Sha256), folder.InDists(suite, index.Path));
                await RestoreReleaseAsync(suite, published);
            }
    }

    void RestoreIndex(string byHash, string plain)
    {
        if (!File.Exists(byHash) || Posix.AreOneFile(byHash, plain))
            return;
        var temporary = layout.NewTemporary();
        if (Posix.Link(byHash, temporary) is var error && error != 0)
            throw Posix.Error($"link {temporary}", error);
        File.Move(temporary, plain, overwrite: true);
    }

    async Task RestoreReleaseAsync(Suite suite, PublishedSuite published)
    {
        var release = folder.InDists(suite, "Release");
        if (File.Exists(release) && await File.ReadAllTextAsync(release) == published.Text)
            return;
        var text = Encoding.UTF8.GetBytes(published.Text);
        // The signature first: until both are written, the text still shows that recovery is needed.
        Replace(folder.InDists(suite, "Release.gpg"), await key.DetachSignAsync(text));
        Replace(release, text);

        void Replace(string path, byte[] content)
        {
            layout.Replace(path, content);
            File.SetLastWriteTimeUtc(path, published.LastModified.UtcDateTime);
        }
    }
}
