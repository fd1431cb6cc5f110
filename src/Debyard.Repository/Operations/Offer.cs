using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>A file that a client wants listed: named by its digests, or received.</summary>
public sealed record Offer(SuiteComponent Place, DebFileName Name, ClaimedDigests Digests, IncomingFile? Received = null);

/// <summary>What became of an offer.</summary>
public enum OfferOutcome
{
    /// <summary>The branch had these bytes under this name.</summary>
    Present,

    /// <summary>Bytes the server had are linked into the branch now.</summary>
    Linked,

    /// <summary>The received bytes are in the branch now.</summary>
    Created,

    /// <summary>No branch has these bytes.</summary>
    Missing,

    /// <summary>The branch's own package of this name has other bytes.</summary>
    Conflict,
}

/// <summary>What a request wants of a branch, beyond its offers.</summary>
enum UploadMode
{
    /// <summary>Link what is known; a branch is born only for that.</summary>
    Probe,

    /// <summary>List what was received, now.</summary>
    Upload,

    /// <summary>Keep what was received for the batch that closes the upload.</summary>
    UploadForLater,

    /// <summary>Link what is known; where nothing is missing, list what was kept for later too.</summary>
    Batch,
}
