namespace Cairn.Client.Wire;

/// <summary>Somebody who may use the server.</summary>
/// <param name="Name">Unique.</param>
/// <param name="IsAdmin">May do everything, and manage users.</param>
/// <param name="IsActive">False where no password, key or session of this user is accepted.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
public sealed record UserInfo(string Name, bool IsAdmin, bool IsActive, long CreatedAt);

/// <summary>Answer of <c>GET /api/v1/users</c>, by name.</summary>
public sealed record UserList(IReadOnlyList<UserInfo> Users);

/// <summary>Body of <c>POST /api/v1/users</c>.</summary>
/// <param name="Name">1 to 64 of a-z, A-Z, 0-9 and <c>. _ - @ +</c>.</param>
/// <param name="Password">At least 12 characters; null to have one made.</param>
/// <param name="IsAdmin">The first user must be one.</param>
public sealed record AddUserRequest(string Name, string? Password = null, bool IsAdmin = false);

/// <summary>Answer of <c>POST /api/v1/users</c>.</summary>
/// <param name="User">The user.</param>
/// <param name="Password">The password where the server made it: it is told this once.</param>
public sealed record AddedUser(UserInfo User, string? Password = null);

/// <summary>Body of <c>PATCH /api/v1/users/{name}</c>; null leaves a field.</summary>
/// <param name="IsAdmin">See <see cref="UserInfo"/>.</param>
/// <param name="IsActive">See <see cref="UserInfo"/>.</param>
public sealed record ChangeUserRequest(bool? IsAdmin = null, bool? IsActive = null);

/// <summary>Body of <c>PUT /api/v1/users/{name}/password</c>.</summary>
/// <param name="Password">At least 12 characters; null to have one made.</param>
/// <param name="Current">The password until now; needed for one's own.</param>
public sealed record SetPasswordRequest(string? Password = null, string? Current = null);

/// <summary>Answer of <c>PUT /api/v1/users/{name}/password</c>.</summary>
/// <param name="Password">The password where the server made it: it is told this once.</param>
public sealed record SetPasswordAnswer(string? Password = null);

/// <summary>Answer of <c>GET /api/v1/users/{name}/holdings</c>: what ends with a user, and what only admins would manage then.</summary>
/// <param name="Keys">How many keys would end.</param>
/// <param name="Browsers">In how many browsers the user is logged in.</param>
/// <param name="Experiments">Experiments on which no other active user has MANAGE.</param>
/// <param name="Models">Registered models of that kind.</param>
/// <param name="Names">Names of the first ten of both.</param>
public sealed record UserHoldings(int Keys, int Browsers, int Experiments, int Models, IReadOnlyList<string> Names);

/// <summary>A key of a user for programs.</summary>
/// <param name="Id">For revoking it.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Hint">Its last four characters.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="ExpiresAt">Unix milliseconds; null for never.</param>
/// <param name="LastUsedAt">Unix milliseconds, to the minute; null where it was never used.</param>
/// <param name="User">Whose it is; null from servers that do not tell.</param>
public sealed record KeyInfo(long Id, string Name, string Hint, long CreatedAt, long? ExpiresAt, long? LastUsedAt, string? User = null);

/// <summary>Answer of <c>GET /api/v1/users/{name}/keys</c>, oldest first, and of <c>GET /api/v1/keys</c>, user by user.</summary>
public sealed record KeyList(IReadOnlyList<KeyInfo> Keys);

/// <summary>Body of <c>POST /api/v1/users/{name}/keys</c>.</summary>
/// <param name="Name">What it is for; unique among the user's keys.</param>
/// <param name="ExpiresAt">Unix milliseconds; null for never.</param>
public sealed record AddKeyRequest(string Name, long? ExpiresAt = null);

/// <summary>Answer of <c>POST /api/v1/users/{name}/keys</c>.</summary>
/// <param name="Info">What is kept.</param>
/// <param name="Key">40 letters and digits, good as CAIRN_API_KEY, MLFLOW_TRACKING_TOKEN and WANDB_API_KEY. It is told this once.</param>
public sealed record AddedKey(KeyInfo Info, string Key);

/// <summary>Body of <c>POST /api/v1/session</c>.</summary>
public sealed record LogInRequest(string Name, string Password);

/// <summary>Answer of <c>GET</c> and <c>POST /api/v1/session</c>: who asks.</summary>
/// <param name="Name">The user; "operator" for the server's own key, or where there are no users.</param>
/// <param name="IsAdmin">See <see cref="UserInfo"/>.</param>
/// <param name="IsOperator">True where it is no user.</param>
/// <param name="HasUsers">False where the server has none: then nobody has to log in.</param>
public sealed record SessionInfo(string Name, bool IsAdmin, bool IsOperator, bool HasUsers);

/// <summary>A browser in which a user is logged in.</summary>
/// <param name="Id">For ending it.</param>
/// <param name="Agent">What the browser calls itself, or null.</param>
/// <param name="Address">Where it logged in from, or null.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="SeenAt">Last request, Unix milliseconds, to the minute.</param>
/// <param name="IsThis">True for the browser that asks.</param>
public sealed record BrowserInfo(long Id, string? Agent, string? Address, long CreatedAt, long SeenAt, bool IsThis);

/// <summary>Answer of <c>GET /api/v1/users/{name}/sessions</c>.</summary>
public sealed record BrowserList(IReadOnlyList<BrowserInfo> Sessions);
