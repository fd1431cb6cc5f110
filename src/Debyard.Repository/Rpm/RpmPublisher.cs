using System.Security.Cryptography;
using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Rpm;

/// <summary>Signs rpms, and writes the generations of a branch's metadata.</summary>
sealed class RpmPublisher(PublishContext context, Lazy<SigningKey> key)
{
    /// <summary>Copies the rpm with a signature of the repository's key to where the branch has it.</summary>
    /// <param name="received">The path of the file as it was uploaded.</param>
    public async Task<RpmListing> SignAsync(RpmFolder folder, RpmFileName name, Sha256 uploaded, RpmFile file, string received)
    {
        var signature = await key.Value.DetachSignBinaryAsync(file.Header.Bytes);
        var temporary = context.Layout.NewTemporary();
        try
        {
            Sha256 signed;
            await using (var output = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                await using (var original = File.OpenRead(received))
                    await file.WriteSignedAsync(original, output, signature, CancellationToken.None);
                output.Position = 0;
                signed = new Sha256(await SHA256.HashDataAsync(output));
            }
            var listing = new RpmListing(name, uploaded, signed);
            var path = folder.Package(listing);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            // The metadata contains the time of the file.
            File.SetLastWriteTimeUtc(temporary, context.Now.UtcDateTime);
            File.Move(temporary, path, overwrite: true);
            return listing;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Publishes a generation. It is written in another folder and renamed, so a client sees all of it or nothing.</summary>
    public async Task PublishAsync(RpmFolder folder, IReadOnlyList<RpmListing> listings)
    {
        var now = context.Now;
        var id = Math.Max(now.ToUnixTimeMilliseconds(), folder.All() is [var current, ..] ? current + 1 : 0);
        var documents = RpmMetadata.Write(await DescribeAsync(folder, listings));
        var index = RpmMetadata.WriteIndex(documents, id, now);
        var temporary = context.Layout.NewTemporary();
        try
        {
            var metadata = Directory.CreateDirectory(Path.Join(temporary, "repodata")).FullName;
            foreach (var document in documents)
                File.WriteAllBytes(Path.Join(metadata, document.Name), document.Compressed);
            File.WriteAllBytes(Path.Join(metadata, "repomd.xml"), index);
            File.WriteAllBytes(Path.Join(metadata, "repomd.xml.asc"), await key.Value.DetachSignAsync(index));
            File.WriteAllLines(Path.Join(temporary, "listing"), listings.Select(listing => listing.ToString()));
            Directory.CreateDirectory(folder.Generations);
            context.Flush();
            Directory.Move(temporary, folder.Generation(id));
        }
        catch
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    static async Task<IReadOnlyList<DescribedRpm>> DescribeAsync(RpmFolder folder, IReadOnlyList<RpmListing> listings)
    {
        var described = new List<DescribedRpm>();
        foreach (var listing in listings.Where(listing => listing.Signed is not null))
        {
            var info = new FileInfo(folder.Package(listing));
            try
            {
                await using var file = info.OpenRead();
                described.Add(
                    new DescribedRpm(
                        await RpmFile.ReadAsync(file),
                        listing.Location,
                        listing.Signed!.Value.ToString(),
                        info.Length,
                        info.LastWriteTimeUtc
                    )
                );
            }
            catch (Exception damage) when (damage is InvalidUploadException or FileNotFoundException or DirectoryNotFoundException)
            {
                throw new RepositoryUnavailableException($"{info.FullName} cannot be read: {damage.Message}", damage);
            }
        }
        return described;
    }
}
