namespace Debyard.Repository.Operations;

/// <summary>How a request's offers are handled.</summary>
enum UploadMode
{
    /// <summary>Link packages the server has. The branch is created only if there is something to link.</summary>
    Probe,

    /// <summary>List the received package now.</summary>
    Upload,

    /// <summary>Keep the received package until a later batch lists it.</summary>
    UploadForLater,

    /// <summary>Link packages the server has. If none is missing, also list the packages kept for later.</summary>
    Batch,
}
