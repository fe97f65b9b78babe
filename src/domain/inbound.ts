/** When an import begins: a cron expression of five fields, and the time zone it is meant in. */
export interface ImportTimes {
  readonly expression: string;
  readonly timezone?: string;
}

/** Okta's CapabilitiesObject of the feature INBOUND_PROVISIONING. */
export interface InboundCapabilities {
  readonly importSettings: {
    readonly username: { readonly userNameFormat: 'EMAIL' | 'CUSTOM'; readonly userNameExpression?: string };
    readonly schedule: {
      readonly status: 'ENABLED' | 'DISABLED';
      readonly fullImport: ImportTimes | null;
      readonly incrementalImport: ImportTimes | null;
    };
  };
  readonly importRules: {
    readonly userCreateAndMatch: {
      readonly exactMatchCriteria: 'EMAIL' | 'USERNAME';
      readonly allowPartialMatch: boolean;
      readonly autoConfirmPartialMatch: boolean;
      readonly autoConfirmExactMatch: boolean;
      readonly autoConfirmNewUsers: boolean;
      readonly autoActivateNewUsers: boolean;
    };
  };
}

export const inboundDefaults: InboundCapabilities = {
  importSettings: {
    username: { userNameFormat: 'EMAIL' },
    schedule: { status: 'DISABLED', fullImport: null, incrementalImport: null },
  },
  importRules: {
    userCreateAndMatch: {
      exactMatchCriteria: 'USERNAME',
      allowPartialMatch: true,
      autoConfirmPartialMatch: false,
      autoConfirmExactMatch: false,
      autoConfirmNewUsers: false,
      autoActivateNewUsers: false,
    },
  },
};
