using System.Text;
namespace Debyard.Repository;

/// <summary>
/// A publish that was killed before InRelease may have left some plain names a Release ahead of it. A client that does not ask by
/// hash would see a mismatch: they are made InRelease's again.
/// </summary>
static class SuiteRepair
{
    public static async Task RunAsync(RepositoryLayout layout, SigningKey key, BranchFolder folder)
    {
        foreach (var suite in folder.Suites())
        {
            if (PublishedSuite.Read(folder, suite) is not { } published)
                continue;
            foreach (var index in published.Release.Files.Where(index => Path.HasExtension(index.Path)))
                LinkAgain(layout, folder.ByHash(suite, index.Path, index.Sha256), folder.InDists(suite, index.Path));
            await SignAgainAsync(layout, key, folder, suite, published);
        }
    }

    static void LinkAgain(RepositoryLayout layout, string byHash, string plain)
    {
        if (!File.Exists(byHash) || Posix.IsSameFile(byHash, plain))
            return;
        var temporary = layout.NewTemporary();
        if (Posix.Link(byHash, temporary) is var error && error != 0)
            throw Posix.Error($"link {temporary}", error);
        File.Move(temporary, plain, overwrite: true);
    }

    static async Task SignAgainAsync(RepositoryLayout layout, SigningKey key, BranchFolder folder, Suite suite, PublishedSuite published)
    {
        var path = folder.InDists(suite, "Release");
        if (File.Exists(path) && await File.ReadAllTextAsync(path) == published.Text)
            return;
        var text = Encoding.UTF8.GetBytes(published.Text);
        // Release last: as long as it differs, this is done again.
        foreach (var (name, content) in new[] { ("Release.gpg", await key.DetachSignAsync(text)), ("Release", text) })
        {
            layout.Replace(folder.InDists(suite, name), content);
            File.SetLastWriteTimeUtc(folder.InDists(suite, name), published.LastModified.UtcDateTime);
        }
    }
}
