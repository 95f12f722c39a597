// Users, keys, sessions, and who may do what.

export interface PermissionInfo {
  user: string;
  permission: string;
}

export interface PermissionList {
  permissions: PermissionInfo[];
  default: string;
}

export interface UserInfo {
  name: string;
  isAdmin: boolean;
  isActive: boolean;
  createdAt: number;
}

export interface UserList {
  users: UserInfo[];
}

export interface UserHoldings {
  keys: number;
  browsers: number;
  experiments: number;
  models: number;
  names: string[];
}

export interface AddedUser {
  user: UserInfo;
  password?: string | null;
}

export interface SetPasswordAnswer {
  password?: string | null;
}

export interface KeyInfo {
  id: number;
  name: string;
  hint: string;
  createdAt: number;
  expiresAt?: number | null;
  lastUsedAt?: number | null;
  user?: string | null;
}

export interface KeyList {
  keys: KeyInfo[];
}

export interface AddedKey {
  info: KeyInfo;
  key: string;
}

/** Who asks. */
export interface SessionInfo {
  name: string;
  isAdmin: boolean;
  isOperator: boolean;
  hasUsers: boolean;
}

export interface BrowserInfo {
  id: number;
  agent?: string | null;
  address?: string | null;
  createdAt: number;
  seenAt: number;
  isThis: boolean;
}

export interface BrowserList {
  sessions: BrowserInfo[];
}
